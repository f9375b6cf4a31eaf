import { expect, test } from 'vitest';
import { openSqlite, type SqliteFilesystem } from '../src/index.ts';

/** The longest time, in milliseconds, that a timer had to wait while something ran. */
async function longestStall(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  await work();
  clearInterval(timer);
  return Math.max(longest, performance.now() - last);
}

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
  // One that never lets go stalls timers for the whole time.
  expect(await longestStall(() => inLoop(400, () => call(store)))).toBeLessThan(200);
});
