import { setImmediate as nextTurn } from 'node:timers/promises';
import { followGlobals } from '@holdfast/test-support';
import { expect, test, vi } from 'vitest';
import { EventLoopTurns } from './event-loop.ts';

const context = { signal: new AbortController().signal };

/** Keeps the event loop for longer than a slice. */
function hog(): void {
  const until = performance.now() + 5;
  while (performance.now() < until);
}

test('those who queue are admitted many in a turn, in the order in which they came', async () => {
  const turns = new EventLoopTurns();
  const order: number[] = [];
  await turns.run(hog, context);
  for (let caller = 0; caller < 200; caller += 1) void turns.run(() => order.push(caller), context);
  expect(order).toEqual([]);
  // A busy machine may let a slice end early, but not after each.
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  expect(order).toEqual(Array.from({ length: 200 }, (_, caller) => caller));
});

test('what follows the work of one at once comes before the next', async () => {
  const turns = new EventLoopTurns();
  const order: string[] = [];
  await turns.run(hog, context);
  const readAndWrite = async (name: string): Promise<void> => {
    await turns.run(() => order.push(`${name} reads`), context);
    await turns.run(() => order.push(`${name} writes`), context);
  };
  await Promise.all([readAndWrite('a'), readAndWrite('b')]);
  expect(order).toEqual(['a reads', 'a writes', 'b reads', 'b writes']);
});

test('a turn ends with its slice, however many queue', async () => {
  const turns = new EventLoopTurns();
  await turns.run(hog, context);
  let done = 0;
  const all = Promise.all(
    Array.from({ length: 4 }, () =>
      turns.run(() => {
        hog();
        done += 1;
      }, context),
    ),
  );
  const seen: number[] = [];
  while (done < 4) {
    await nextTurn();
    seen.push(done);
  }
  await all;
  expect([...new Set(seen)]).toEqual([0, 1, 2, 3, 4].slice(seen[0]));
});

test('whoever is aborted in the queue leaves it and never runs', async () => {
  const turns = new EventLoopTurns();
  const abort = new AbortController();
  const work = vi.fn<() => void>();
  await turns.run(hog, context);
  const waiting = turns.run(work, { signal: abort.signal });
  abort.abort(new Error('given up'));
  await expect(waiting).rejects.toThrow('given up');
  await nextTurn();
  expect(work).not.toHaveBeenCalled();
});

test('it goes on after a test has faked the timers of this process', async () => {
  const turns = new EventLoopTurns();
  const undo = followGlobals();
  vi.useFakeTimers();
  await turns.run(() => {}, context);
  vi.useRealTimers();
  undo();
  hog();
  expect(await turns.run(() => 'done', context)).toBe('done');
});
