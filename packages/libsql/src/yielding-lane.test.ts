import { NO_DEADLINE } from '@holdfast/sql';
import { followGlobals } from '@holdfast/test-support';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { YieldingLane } from './yielding-lane.ts';

beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A lane for two, and calls that are answered by name. */
function makeLane() {
  const lane = new YieldingLane(2);
  const sent = new Map<string, PromiseWithResolvers<void>>();
  const call = (name: string, { bytes = 0, signal = NO_DEADLINE.signal } = {}): Promise<void> => {
    const answer = Promise.withResolvers<void>();
    const send = (): Promise<void> => {
      sent.set(name, answer);
      return answer.promise;
    };
    return lane.run(send, { signal, bytes });
  };
  const answer = async (name: string): Promise<void> => {
    sent.get(name)?.resolve();
    sent.delete(name);
    await vi.advanceTimersByTimeAsync(0);
  };
  /** Calls that are answered after so many milliseconds each, one after the other. */
  const answerEach = async (names: readonly string[], milliseconds: number): Promise<void> => {
    for (const name of names) {
      void call(name);
      await vi.advanceTimersByTimeAsync(milliseconds);
      await answer(name);
    }
  };
  return { call, answer, answerEach, underWay: () => [...sent.keys()] };
}

const names = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

test('as many calls are under way as there are places, in the order in which they came', async () => {
  const { call, answer, underWay } = makeLane();
  for (const name of ['a', 'b', 'c', 'd']) void call(name);
  await vi.advanceTimersByTimeAsync(100);
  expect(underWay()).toEqual(['a', 'b']);
  await answer('b');
  expect(underWay()).toEqual(['a', 'c']);
});

test('a call that hangs gives its place away once it is overdue and somebody who began later is answered', async () => {
  const { call, answer, answerEach, underWay } = makeLane();
  await answerEach(names('quick', 40), 10);
  void call('hangs');
  for (const name of ['a', 'b', 'c', 'd']) void call(name);
  await vi.advanceTimersByTimeAsync(149);
  await answer('a');
  expect(underWay()).toEqual(['hangs', 'b']);
  await vi.advanceTimersByTimeAsync(2);
  await answer('b');
  expect(underWay()).toEqual(['hangs', 'c', 'd']);
});

test('of a store that is new to this process too: three that hang keep the others for half a second', async () => {
  const { call, answer, underWay } = makeLane();
  for (const name of ['hangs 1', 'hangs 2', 'hangs 3', 'a', 'b', 'c']) void call(name);
  await vi.advanceTimersByTimeAsync(460);
  expect(underWay()).toEqual(['hangs 1', 'hangs 2', 'hangs 3', 'a']);
  await answer('a');
  expect(underWay()).toEqual(['hangs 1', 'hangs 2', 'hangs 3', 'b', 'c']);
});

test('what is usual decides what is overdue, and one answer that took very long hardly changes it', async () => {
  const { call, answer, answerEach, underWay } = makeLane();
  await answerEach(names('slow', 40), 100);
  await answerEach(['very slow'], 4000);
  void call('hangs');
  for (const name of ['a', 'b', 'c', 'd']) void call(name);
  await vi.advanceTimersByTimeAsync(500);
  await answer('a');
  expect(underWay()).toEqual(['hangs', 'b']);
  await vi.advanceTimersByTimeAsync(200);
  await answer('b');
  expect(underWay()).toEqual(['hangs', 'c', 'd']);
});

test('what sends more may take longer', async () => {
  const { call, answer, answerEach, underWay } = makeLane();
  await answerEach(names('quick', 40), 10);
  void call('large', { bytes: 1_000_000 });
  for (const name of ['a', 'b', 'c']) void call(name);
  await vi.advanceTimersByTimeAsync(1100);
  await answer('a');
  expect(underWay()).toEqual(['large', 'b']);
});

test('where all hang, one more is let in, and its answer gives their places to others', async () => {
  const { call, answer, answerEach, underWay } = makeLane();
  await answerEach(names('quick', 40), 10);
  for (const name of ['hangs', 'hangs too', 'a', 'b', 'c', 'd']) void call(name);
  await vi.advanceTimersByTimeAsync(149);
  expect(underWay()).toEqual(['hangs', 'hangs too']);
  await vi.advanceTimersByTimeAsync(1);
  expect(underWay()).toEqual(['hangs', 'hangs too', 'a']);
  await vi.advanceTimersByTimeAsync(10);
  await answer('a');
  expect(underWay()).toEqual(['hangs', 'hangs too', 'b', 'c']);
});

test('a server that answers nobody is sent few more, ever more seldom', async () => {
  const { call, answerEach, underWay } = makeLane();
  await answerEach(names('quick', 40), 10);
  for (const name of names('waits', 40)) void call(name);
  const sent: number[] = [];
  for (let second = 0; second < 10; second += 1) {
    await vi.advanceTimersByTimeAsync(1000);
    sent.push(underWay().length);
  }
  expect(sent).toEqual([4, 5, 6, 6, 7, 7, 7, 8, 8, 9]);
});

test('no more than eight have given their places away at once', async () => {
  const { call, answer, answerEach, underWay } = makeLane();
  await answerEach(names('quick', 40), 10);
  for (let round = 0; round < 9; round += 1) {
    void call(`hangs${round}`);
    await vi.advanceTimersByTimeAsync(300);
    void call(`quick${round}`);
    await answer(`quick${round}`);
  }
  for (const name of ['a', 'b']) void call(name);
  expect(underWay()).toEqual([...names('hangs', 9), 'a']);
});

test('who gives up while waiting is never sent, and nothing is left of a lane that is empty', async () => {
  const { call, answer, underWay } = makeLane();
  const gaveUp = new AbortController();
  const failures = ['a', 'b', 'c'].map((name) =>
    call(name, { signal: gaveUp.signal }).catch((error: unknown) => error),
  );
  gaveUp.abort('gave up');
  expect(await failures[2]).toBe('gave up');
  await answer('a');
  await answer('b');
  await vi.advanceTimersByTimeAsync(1000);
  expect(underWay()).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
