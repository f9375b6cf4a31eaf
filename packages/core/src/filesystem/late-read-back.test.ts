import { expect, test, vi } from 'vitest';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { makePut } from '../operations/put/put.ts';
import { parsePath } from '../paths/virtual-path.ts';
import { mintVersion, type Version } from '../versions/version.ts';
import { resolveLostReply } from './lost-reply.ts';

test('a read-back that outlasts the caller sends nothing, although the expected version is still there', async () => {
  const expected = mintVersion();
  const read = Promise.withResolvers<Version>();
  const send = vi.fn<() => Promise<string>>(() => Promise.resolve('sent'));
  const abort = new AbortController();
  const caller = makePut('/a', { body: new Uint8Array() }, { version: expected }, { signal: abort.signal });
  const marks = () => [{ path: parsePath('/a'), minted: mintVersion(), expected }];
  const mutation = { applied: 'found', send, answered: () => 'sent', marks };
  const lost = new HoldfastError('UNAVAILABLE', 'cut', { operation: 'put', path: '/a' });
  const backend = { track: <T>(start: () => Promise<T>) => start(), readBack: () => read.promise };
  const resolving = resolveLostReply(mutation, caller, lost, backend);
  abort.abort();
  await expect(resolving).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', outcome: 'unknown' });
  read.resolve(expected);
  // Every turn that a late answer could take before it sends.
  await new Promise((resolve) => setImmediate(resolve));
  expect(send).not.toHaveBeenCalled();
});
