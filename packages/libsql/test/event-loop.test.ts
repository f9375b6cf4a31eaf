import { setImmediate as nextTurn } from 'node:timers/promises';
import { CasApply, casUpdate, jsonCodec } from '@holdfast/core';
import { ticksDuring } from '@holdfast/test-support';
import { expect, test, vi } from 'vitest';
import { openLibsql, type LibsqlFilesystem } from '../src/index.ts';

async function inLoop(milliseconds: number, call: () => Promise<unknown>): Promise<void> {
  const until = performance.now() + milliseconds;
  while (performance.now() < until) await call();
}

test.each([
  ['reads', (store: LibsqlFilesystem) => store.get('/a')],
  ['writes', (store: LibsqlFilesystem) => store.put('/a', { body: new Uint8Array(9) }, 'any')],
  ['lists', (store: LibsqlFilesystem) => store.list('/')],
])('timers run while a caller %s in a loop without a pause', async (_name, call) => {
  await using store = await openLibsql({ config: { url: ':memory:' } });
  await store.put('/a', { body: new Uint8Array(9) }, 'any');
  // One that never lets go lets none run; one every few milliseconds is what is meant.
  expect(await ticksDuring(inLoop(400, () => call(store)))).toBeGreaterThan(10);
});

test('timers run while many calls are started together', async () => {
  await using store = await openLibsql({ config: { url: ':memory:' } });
  const body = new Uint8Array(100_000);
  const all = async (): Promise<void> => {
    await Promise.all(Array.from({ length: 1000 }, (_, n) => store.put(`/a${n}`, { body }, 'absent')));
    await Promise.all(Array.from({ length: 4000 }, (_, n) => store.get(`/a${n % 1000}`)));
  };
  // All of the writes in one turn, and all of the reads in another, would let two run.
  expect(await ticksDuring(all())).toBeGreaterThan(10);
});

test('an update is made while another caller updates in a loop without a pause', async () => {
  await using store = await openLibsql({ config: { url: ':memory:' } });
  const counters = jsonCodec<number>({ kind: 'counter' });
  const update = () => casUpdate(store, '/a', counters, (count = 0) => CasApply.write(count + 1));
  let [others, over] = [0, false];
  const loop = async (): Promise<void> => {
    for (; !over; others += 1) await update();
  };
  const looping = loop();
  const before = others;
  for (let updates = 0; updates < 50; updates += 1) {
    await nextTurn();
    await update();
  }
  over = true;
  await looping;
  // In turn with the loop, each of them lets one or two go first; otherwise ten and more.
  expect(others - before).toBeLessThan(250);
});

test('fake timers neither stop a store nor leave anything behind that does', async () => {
  await using store = await openLibsql({ config: { url: ':memory:' } });
  // Whatever waits for a turn of the loop now has begun to wait before.
  await store.put('/a', { body: new Uint8Array(9) }, 'absent');
  vi.useFakeTimers();
  try {
    for (let round = 0; round < 3; round += 1) await store.put('/a', { body: Uint8Array.of(round) }, 'any');
    await (await openLibsql({ config: { url: ':memory:' } })).close();
  } finally {
    vi.useRealTimers();
  }
  expect((await store.get('/a', { timeoutMs: 60_000 }))?.body).toEqual(Uint8Array.of(2));
});
