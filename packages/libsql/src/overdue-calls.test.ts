import { followGlobals } from '@holdfast/test-support';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OverdueCalls } from './overdue-calls.ts';

beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Two places for calls that are answered by name, which wait for a place in the order in which they come. */
function makePlaces() {
  const overdue = new OverdueCalls();
  const sent = new Map<string, PromiseWithResolvers<void>>();
  const waiting: (() => void)[] = [];
  let free = 2;
  const admit = (): void => {
    for (; free > 0 && waiting.length > 0; free -= 1) waiting.shift()?.();
  };
  const call = (name: string, { bytes = 0 } = {}): void => {
    waiting.push(() => {
      const answer = Promise.withResolvers<void>();
      let hasPlace = true;
      const makeWay = (): void => {
        if (hasPlace) free += 1;
        hasPlace = false;
        admit();
      };
      sent.set(name, answer);
      void overdue.watch(answer.promise, { bytes, makeWay }).then(makeWay);
    });
    admit();
  };
  const answer = async (name: string): Promise<void> => {
    sent.get(name)?.resolve();
    sent.delete(name);
    await vi.advanceTimersByTimeAsync(0);
  };
  /** Calls that are answered after so many milliseconds each, one after the other. */
  const answerEach = async (names: readonly string[], milliseconds: number): Promise<void> => {
    for (const name of names) {
      call(name);
      await vi.advanceTimersByTimeAsync(milliseconds);
      await answer(name);
    }
  };
  return { call, answer, answerEach, underWay: () => [...sent.keys()] };
}

const names = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

test('as many calls are under way as there are places, in the order in which they came', async () => {
  const { call, answer, underWay } = makePlaces();
  for (const name of ['a', 'b', 'c', 'd']) call(name);
  await vi.advanceTimersByTimeAsync(100);
  expect(underWay()).toEqual(['a', 'b']);
  await answer('b');
  expect(underWay()).toEqual(['a', 'c']);
});

test('a call that hangs gives its place away once it is overdue and somebody who began later is answered', async () => {
  const { call, answer, answerEach, underWay } = makePlaces();
  await answerEach(names('quick', 40), 10);
  call('hangs');
  for (const name of ['a', 'b', 'c', 'd']) call(name);
  await vi.advanceTimersByTimeAsync(149);
  await answer('a');
  expect(underWay()).toEqual(['hangs', 'b']);
  await vi.advanceTimersByTimeAsync(2);
  await answer('b');
  expect(underWay()).toEqual(['hangs', 'c', 'd']);
});

test('of a store that is new to this process too: three that hang keep the others for half a second', async () => {
  const { call, answer, underWay } = makePlaces();
  for (const name of ['hangs 1', 'hangs 2', 'hangs 3', 'a', 'b', 'c']) call(name);
  await vi.advanceTimersByTimeAsync(460);
  expect(underWay()).toEqual(['hangs 1', 'hangs 2', 'hangs 3', 'a']);
  await answer('a');
  expect(underWay()).toEqual(['hangs 1', 'hangs 2', 'hangs 3', 'b', 'c']);
});

test('what is usual decides what is overdue, and one answer that took very long hardly changes it', async () => {
  const { call, answer, answerEach, underWay } = makePlaces();
  await answerEach(names('slow', 40), 100);
  await answerEach(['very slow'], 4000);
  call('hangs');
  for (const name of ['a', 'b', 'c', 'd']) call(name);
  await vi.advanceTimersByTimeAsync(500);
  await answer('a');
  expect(underWay()).toEqual(['hangs', 'b']);
  await vi.advanceTimersByTimeAsync(200);
  await answer('b');
  expect(underWay()).toEqual(['hangs', 'c', 'd']);
});

test('what sends more may take longer', async () => {
  const { call, answer, answerEach, underWay } = makePlaces();
  await answerEach(names('quick', 40), 10);
  call('large', { bytes: 1_000_000 });
  for (const name of ['a', 'b', 'c']) call(name);
  await vi.advanceTimersByTimeAsync(1100);
  await answer('a');
  expect(underWay()).toEqual(['large', 'b']);
});

test('where all hang, one more is let in, and its answer gives their places to others', async () => {
  const { call, answer, answerEach, underWay } = makePlaces();
  await answerEach(names('quick', 40), 10);
  for (const name of ['hangs', 'hangs too', 'a', 'b', 'c', 'd']) call(name);
  await vi.advanceTimersByTimeAsync(149);
  expect(underWay()).toEqual(['hangs', 'hangs too']);
  await vi.advanceTimersByTimeAsync(1);
  expect(underWay()).toEqual(['hangs', 'hangs too', 'a']);
  await vi.advanceTimersByTimeAsync(10);
  await answer('a');
  expect(underWay()).toEqual(['hangs', 'hangs too', 'b', 'c']);
});

test('a server that answers nobody is sent few more, ever more seldom', async () => {
  const { call, answerEach, underWay } = makePlaces();
  await answerEach(names('quick', 40), 10);
  for (const name of names('waits', 40)) call(name);
  const sent: number[] = [];
  for (let second = 0; second < 10; second += 1) {
    await vi.advanceTimersByTimeAsync(1000);
    sent.push(underWay().length);
  }
  expect(sent).toEqual([4, 5, 6, 6, 7, 7, 7, 8, 8, 9]);
});

test('no more than eight have given their places away at once', async () => {
  const { call, answer, answerEach, underWay } = makePlaces();
  await answerEach(names('quick', 40), 10);
  for (let round = 0; round < 9; round += 1) {
    call(`hangs${round}`);
    await vi.advanceTimersByTimeAsync(300);
    call(`quick${round}`);
    await answer(`quick${round}`);
  }
  for (const name of ['a', 'b']) call(name);
  expect(underWay()).toEqual([...names('hangs', 9), 'a']);
});

test('a call that hangs makes way after five seconds, also where nobody may any more', async () => {
  const { call, answer, answerEach, underWay } = makePlaces();
  await answerEach(names('quick', 40), 10);
  for (let round = 0; round < 9; round += 1) {
    call(`hangs${round}`);
    await vi.advanceTimersByTimeAsync(300);
    call(`quick${round}`);
    await answer(`quick${round}`);
  }
  call('hangs9');
  call('a');
  expect(underWay()).not.toContain('a');
  await vi.advanceTimersByTimeAsync(5000);
  expect(underWay()).toContain('a');
});

test('nothing is left of it when all have ended, and what one failed with is what it fails with', async () => {
  const overdue = new OverdueCalls();
  const failed = new Error('lost');
  const answers = [Promise.resolve(1), Promise.reject(failed)].map((answer) =>
    overdue.watch(answer, { bytes: 0, makeWay() {} }),
  );
  expect(
    (await Promise.allSettled(answers)).map((end) =>
      end.status === 'fulfilled' ? end.value : (end.reason as unknown),
    ),
  ).toEqual([1, failed]);
  expect(vi.getTimerCount()).toBe(0);
});
