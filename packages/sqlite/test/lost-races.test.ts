import { setImmediate as nextTurn } from 'node:timers/promises';
import { casUpdate, CasApply, jsonCodec } from '@holdfast/core';
import { followGlobals, startChild } from '@holdfast/test-support';
import { beforeEach, expect, test, vi } from 'vitest';
import { openSqlite } from '../src/index.ts';
import { refusal } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';

const holdLock = new URL('children/hold-lock.ts', import.meta.url);
const body = new Uint8Array([1]);
const leases = jsonCodec<{ owner: number }>({ kind: 'lease' });

beforeEach(followGlobals);

// Those who lose and write nothing cost the others some 20 ms. With a turn of 10 ms for each, 100 would need half a second.
const BOUND_MS = 100;

/** How many turns of the event loop there are in each millisecond. */
const TURNS = 10;

/** What it comes to while so much time passes as timers know it, whatever the machine takes for it. */
async function withinBound<T>(work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers();
  try {
    let ended = false;
    const result = work().finally(() => (ended = true));
    for (let passed = 0; passed < BOUND_MS && !ended; passed += 1) {
      for (let turn = 0; turn < TURNS; turn += 1) await nextTurn();
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(ended).toBe(true);
    return await result;
  } finally {
    await vi.runAllTimersAsync();
    vi.useRealTimers();
  }
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('those who race for a lease and leave it to the winner do not wait for each other', async () => {
  await using store = await openSqlite({ file: ':memory:' });
  const race = () =>
    Promise.all(
      Array.from({ length: 100 }, async (_, owner) => {
        const { outcome } = await casUpdate(store, '/lease', leases, async (lease) => {
          await sleep(1);
          return lease === undefined ? CasApply.write({ owner }, 'mine') : CasApply.noOp('taken');
        });
        return outcome;
      }),
    );
  const outcomes = await withinBound(race);
  expect(outcomes.filter((outcome) => outcome === 'mine')).toHaveLength(1);
});

test('those who find that an entry exists already, and read it, do not wait for each other', async () => {
  await using store = await openSqlite({ file: ':memory:' });
  await store.put('/config', { body }, 'absent');
  const race = () =>
    Promise.all(
      Array.from({ length: 100 }, async () => {
        expect(await refusal(store.put('/config', { body }, 'absent'))).toBe('VERSION_MISMATCH not-applied');
        expect((await store.get('/config'))?.body).toEqual(body);
      }),
    );
  await withinBound(race);
});

test('a read after a lost write needs no lock, and no more than a part of its deadline', async () => {
  await using scratch = await makeScratch();
  await using store = await openSqlite({ file: scratch.file, busyTimeoutMs: 60_000 });
  await store.put('/a', { body }, 'absent');
  await using _holder = await startChild(holdLock, scratch.file);
  for (let round = 0; round < 3; round += 1) {
    expect(await refusal(store.put('/a', { body }, 'absent'))).toBe('VERSION_MISMATCH not-applied');
    expect((await store.get('/a', { timeoutMs: 500 }))?.body).toEqual(body);
  }
});
