import { expect, test } from 'vitest';
import { openLibsql, type LibsqlFilesystem } from '../src/index.ts';

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
  ['reads', (store: LibsqlFilesystem) => store.get('/a')],
  ['writes', (store: LibsqlFilesystem) => store.put('/a', { body: new Uint8Array(9) }, 'any')],
  ['lists', (store: LibsqlFilesystem) => store.list('/')],
])('timers run while a caller %s in a loop without a pause', async (_name, call) => {
  await using store = await openLibsql({ config: { url: ':memory:' } });
  await store.put('/a', { body: new Uint8Array(9) }, 'any');
  // One that never lets go stalls timers for the whole time.
  expect(await longestStall(() => inLoop(400, () => call(store)))).toBeLessThan(200);
});

test('timers run while many calls are started together', async () => {
  await using store = await openLibsql({ config: { url: ':memory:' } });
  const body = new Uint8Array(100_000);
  const all = async (): Promise<void> => {
    await Promise.all(Array.from({ length: 1000 }, (_, n) => store.put(`/a${n}`, { body }, 'absent')));
    await Promise.all(Array.from({ length: 4000 }, (_, n) => store.get(`/a${n % 1000}`)));
  };
  const began = performance.now();
  const stall = await longestStall(all);
  // All of them in one turn would be one stall.
  expect(stall).toBeLessThan((performance.now() - began) / 3);
});
