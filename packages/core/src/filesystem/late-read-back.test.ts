import { expect, test, vi } from 'vitest';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { makePut } from '../operations/put/put.ts';
import { parsePath } from '../paths/virtual-path.ts';
import { mintVersion, type Version } from '../versions/version.ts';
import { clock } from '../timing/clock.ts';
import type { OperationOptions } from './operation-options.ts';
import { resolveLostReply } from './lost-reply.ts';

/** A write whose reply was lost, and whose expected version is read back when `read` says so. */
function losing(options: OperationOptions) {
  const expected = mintVersion();
  const read = Promise.withResolvers<Version>();
  const send = vi.fn<() => Promise<string>>(() => Promise.resolve('sent'));
  const caller = makePut('/a', { body: new Uint8Array() }, { version: expected }, options);
  const marks = () => [{ path: parsePath('/a'), minted: mintVersion(), expected }];
  const mutation = { applied: 'found', send, answered: () => 'sent', marks };
  const lost = new HoldfastError('UNAVAILABLE', 'cut', { operation: 'put', path: '/a' });
  const backend = { track: <T>(start: () => Promise<T>) => start(), readBack: () => read.promise };
  return { resolving: resolveLostReply(mutation, caller, lost, backend), send, arrive: () => read.resolve(expected) };
}

const UNKNOWN = { code: 'OUTCOME_UNKNOWN', outcome: 'unknown' };

test('a read-back that outlasts the caller sends nothing, although the expected version is still there', async () => {
  const abort = new AbortController();
  const { resolving, send, arrive } = losing({ signal: abort.signal });
  abort.abort();
  await expect(resolving).rejects.toMatchObject(UNKNOWN);
  arrive();
  // Every turn that a late answer could take before it sends.
  await new Promise((resolve) => setImmediate(resolve));
  expect(send).not.toHaveBeenCalled();
});

test('nor does one that the clock says outlasted the deadline, before any timer does', async () => {
  const start = clock.now();
  const now = vi.spyOn(clock, 'now').mockReturnValue(start);
  const { resolving, send, arrive } = losing({ timeoutMs: 1000 });
  now.mockReturnValue(start + 1000);
  arrive();
  await expect(resolving).rejects.toMatchObject(UNKNOWN);
  expect(send).not.toHaveBeenCalled();
});
