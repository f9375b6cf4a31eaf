import { setTimeout as sleep } from 'node:timers/promises';
import { casUpdate, CasApply, jsonCodec } from '@holdfast/core';
import { startChild } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { openSqlite } from '../src/index.ts';
import { refusal } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';

const holdLock = new URL('children/hold-lock.ts', import.meta.url);
const body = new Uint8Array([1]);
const leases = jsonCodec<{ owner: number }>({ kind: 'lease' });

// Each of the 100 that lose waits for less than 100 ms. With a turn of 10 ms for each they would need a second.
const BOUND_MS = 600;

test('those who race for a lease and leave it to the winner do not wait for each other', async () => {
  await using store = await openSqlite({ file: ':memory:' });
  const began = performance.now();
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, async (_, owner) => {
      const { outcome } = await casUpdate(store, '/lease', leases, async (lease) => {
        await sleep(1);
        return lease === undefined ? CasApply.write({ owner }, 'mine') : CasApply.noOp('taken');
      });
      return outcome;
    }),
  );
  expect(performance.now() - began).toBeLessThan(BOUND_MS);
  expect(outcomes.filter((outcome) => outcome === 'mine')).toHaveLength(1);
});

test('those who find that an entry exists already, and read it, do not wait for each other', async () => {
  await using store = await openSqlite({ file: ':memory:' });
  await store.put('/config', { body }, 'absent');
  const began = performance.now();
  await Promise.all(
    Array.from({ length: 100 }, async () => {
      expect(await refusal(store.put('/config', { body }, 'absent'))).toBe('VERSION_MISMATCH not-applied');
      expect((await store.get('/config'))?.body).toEqual(body);
    }),
  );
  expect(performance.now() - began).toBeLessThan(BOUND_MS);
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
