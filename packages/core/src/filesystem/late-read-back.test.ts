import { expect, test, vi } from 'vitest';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { parsePath } from '../paths/virtual-path.ts';
import { mintVersion, type Version } from '../versions/version.ts';
import { resolveLostReply } from './lost-reply.ts';
import { Patience } from './operation-context.ts';

test('a read-back that outlasts the caller sends nothing, although the expected version is still there', async () => {
  const path = parsePath('/a');
  const expected = mintVersion();
  const read = Promise.withResolvers<Version>();
  const send = vi.fn<() => Promise<string>>(() => Promise.resolve('sent'));
  const abort = new AbortController();
  const caller = new Patience('put', path, { signal: abort.signal, timeoutMs: undefined });
  const mutation = { operation: 'put', path, applied: 'found', minted: mintVersion(), expected, send } as const;
  const lost = new HoldfastError('UNAVAILABLE', 'cut', { operation: 'put', path: '/a' });
  const resolving = resolveLostReply({ ...mutation, readVersion: () => read.promise }, caller, lost);
  abort.abort();
  await expect(resolving).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', outcome: 'unknown' });
  read.resolve(expected);
  // Every turn that a late answer could take before it sends.
  await new Promise((resolve) => setImmediate(resolve));
  expect(send).not.toHaveBeenCalled();
});
