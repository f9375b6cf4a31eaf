import { ticksDuring } from '@holdfast/test-support';
import { expect, test, vi } from 'vitest';
import { openSqlite, type SqliteFilesystem } from '../src/index.ts';
import { makeFaulty } from './support/faulty-database.ts';
import { openRaw } from './support/raw-database.ts';

async function inLoop(milliseconds: number, call: () => Promise<unknown>): Promise<void> {
  const until = performance.now() + milliseconds;
  while (performance.now() < until) await call();
}

test.each([
  ['reads', (store: SqliteFilesystem) => store.get('/a')],
  ['writes', (store: SqliteFilesystem) => store.put('/a', { body: new Uint8Array(9) }, 'any')],
  ['lists', (store: SqliteFilesystem) => store.list('/')],
])('timers run while a caller %s in a loop without a pause', async (_name, call) => {
  await using store = await openSqlite({ file: ':memory:' });
  await store.put('/a', { body: new Uint8Array(9) }, 'any');
  // One that never lets go lets none run; one every few milliseconds is what is meant.
  expect(await ticksDuring(inLoop(400, () => call(store)))).toBeGreaterThan(10);
});

test('writes that go on together leave the loop its turns between their commits', async () => {
  using raw = await openRaw(':memory:');
  const faulty = makeFaulty(raw);
  await using store = await openSqlite({ database: faulty.database });
  faulty.intercept = (text, run) => {
    const until = performance.now() + (text === 'commit' ? 5 : 0);
    while (performance.now() < until);
    return run();
  };
  const body = new Uint8Array(9);
  const writer = async (n: number): Promise<void> => {
    for (let round = 0; round < 40; round += 1) await store.put(`/a${n}`, { body }, 'any');
  };
  const ticks = await ticksDuring(Promise.all([1, 2, 3, 4].map(writer)));
  // One for each commit, but for those that a busy machine swallows.
  expect(ticks).toBeGreaterThan(20);
});

test('a write that is aborted while it waits for its turn is not applied', async () => {
  using raw = await openRaw(':memory:');
  const faulty = makeFaulty(raw);
  await using store = await openSqlite({ database: faulty.database });
  const abort = new AbortController();
  let commits = 0;
  faulty.intercept = (text, run) => {
    if (text === 'commit') {
      commits += 1;
      const until = performance.now() + 10;
      while (performance.now() < until);
      abort.abort();
    }
    return run();
  };
  const body = new Uint8Array(9);
  const { signal } = abort;
  // At one path, so that they are not written together.
  const puts = Array.from({ length: 10 }, () => store.put('/a', { body }, 'any', { signal }));
  const settled = await Promise.allSettled(puts);
  const refused = settled.filter((it) => it.status === 'rejected').map(({ reason }) => reason as unknown);
  expect(refused).toHaveLength(9);
  for (const error of refused) expect(error).toMatchObject({ code: 'ABORTED', outcome: 'not-applied' });
  expect(commits).toBe(1);
});

test('fake timers neither stop a store nor leave anything behind that does', async () => {
  await using store = await openSqlite({ file: ':memory:' });
  // Whatever waits for a turn of the loop now has begun to wait before.
  await store.put('/a', { body: new Uint8Array(9) }, 'absent');
  vi.useFakeTimers();
  try {
    for (let round = 0; round < 3; round += 1) await store.put('/a', { body: Uint8Array.of(round) }, 'any');
    await (await openSqlite({ file: ':memory:' })).close();
  } finally {
    vi.useRealTimers();
  }
  expect((await store.get('/a', { timeoutMs: 60_000 }))?.body).toEqual(Uint8Array.of(2));
});
