import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CommittingFilesystem } from '../../test/support/committing-filesystem.ts';
import { never } from '../../test/support/deferred.ts';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { typedRejection } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections, settled } from '../../test/support/unhandled.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import { createRecord } from '../helpers/create-record.ts';
import { transact } from './transact.ts';
import type { Transaction } from './transaction.ts';

failOnUnhandledRejections();
beforeEach(followGlobals);
afterEach(() => void vi.useRealTimers());

const codec = jsonCodec<number>({ kind: 'n' });

async function holding(): Promise<CommittingFilesystem> {
  const filesystem = new CommittingFilesystem();
  await createRecord(filesystem, '/a', codec, 1);
  filesystem.calls.length = 0;
  return filesystem;
}

test('its deadline ends it wherever it is, and what it left behind can do nothing', async () => {
  vi.useFakeTimers();
  const late: Promise<unknown>[] = [];
  const hangs: readonly ((filesystem: CommittingFilesystem, tx: Transaction) => unknown)[] = [
    (_, tx) => never().then(() => tx.put('/a', codec, 1)),
    (filesystem, tx) => {
      filesystem.before('_get', never);
      return tx.get('/a', codec);
    },
    (_, tx) => tx.put('/a', { ...codec, encode: never }, 1),
    (_, tx) => void tx.put('/a', { ...codec, encode: never }, 1),
    async (_, tx) => {
      await new Promise<void>((resolve) => tx.signal.addEventListener('abort', () => resolve()));
      late.push(tx.get('/a', codec), tx.put('/a', codec, 1), tx.delete('/a'));
      await tx.put('/a', codec, 1);
    },
  ];
  for (const hang of hangs) {
    const filesystem = await holding();
    const running = typedRejection(transact(filesystem, (tx) => hang(filesystem, tx), { timeoutMs: 100 }));
    await vi.advanceTimersByTimeAsync(100);
    expect(await running).toMatchObject({ code: 'TIMEOUT', operation: 'transact', outcome: 'not-applied' });
    await settled();
    expect([filesystem.count('_commit'), vi.getTimerCount()]).toEqual([0, 0]);
  }
  expect((await Promise.allSettled(late)).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});

test('an abort ends it, with the reason of the caller', async () => {
  const filesystem = await holding();
  const abort = new AbortController();
  const running = transact(
    filesystem,
    async (tx) => {
      expect(tx.remainingMs()).toBeGreaterThan(0);
      await tx.get('/a', codec);
      abort.abort(new Error('enough'));
      expect(tx.signal.aborted).toBe(true);
      await tx.put('/a', codec, 2);
    },
    { signal: abort.signal },
  );
  const error = await typedRejection(running);
  expect(error).toMatchObject({ code: 'ABORTED', operation: 'transact', outcome: 'not-applied' });
  expect(error.rawCause()).toMatchObject({ message: 'enough' });
  expect(filesystem.count('_commit')).toBe(0);
});

test('a transaction whose function has ended can be used for nothing', async () => {
  const filesystem = await holding();
  let kept: Transaction | undefined;
  await transact(filesystem, (tx) => {
    kept = tx;
  });
  const { get, put, delete: remove } = kept as unknown as Transaction;
  for (const used of [get('/a', codec), put('/a', codec, 2), remove('/a')]) {
    expect(await typedRejection(used)).toMatchObject({ code: 'CLOSED', operation: 'transact', outcome: 'not-applied' });
  }
  expect(filesystem.calls).toEqual([]);
  // Nobody has to look.
  void put('/a', codec, 2);
  void get('/a', codec);
  expect(Object.isFrozen(kept)).toBe(true);
});
