import { isHoldfastError } from '@holdfast/core';
import { NO_DEADLINE } from '@holdfast/sql';
import { followGlobals } from '@holdfast/test-support';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useWriteLane } from './write-lane.ts';

beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const SECOND = 1000;

/** A lane whose head is there until it is let go, and somebody behind it who waits for a lock up to a second. */
function makeLane() {
  const { lane } = useWriteLane('');
  const head = Promise.withResolvers<string>();
  const patience = { context: NO_DEADLINE, busyTimeoutMs: SECOND };
  const first = lane.run(() => head.promise, { ...patience, busyTimeoutMs: 60 * SECOND });
  const join = (): { readonly end: () => string | undefined; readonly promise: Promise<void> } => {
    let end: string | undefined;
    const promise = lane
      .run(() => Promise.resolve('ran'), patience)
      .then(
        (value) => void (end = value),
        (error: unknown) => void (end = isHoldfastError(error) ? `${error.code} ${error.outcome}` : String(error)),
      );
    return { end: () => end, promise };
  };
  const letGo = async (): Promise<void> => {
    head.resolve('head');
    await first;
  };
  return { lane, join, letGo };
}

test('who waits in a lane while the file is locked is BUSY after its own time, whatever that of the head is', async () => {
  const { lane, join } = makeLane();
  const early = join();
  await vi.advanceTimersByTimeAsync(10 * SECOND);
  lane.blocked();
  await vi.advanceTimersByTimeAsync(500);
  const late = join();
  await vi.advanceTimersByTimeAsync(499);
  expect([early.end(), late.end()]).toEqual([undefined, undefined]);
  await vi.advanceTimersByTimeAsync(1);
  expect([early.end(), late.end()]).toEqual(['BUSY not-applied', undefined]);
  await vi.advanceTimersByTimeAsync(500);
  expect(late.end()).toBe('BUSY not-applied');
});

test('waiting while the lane moves on is no wait for a lock', async () => {
  const { lane, join, letGo } = makeLane();
  const waiting = join();
  lane.blocked();
  await vi.advanceTimersByTimeAsync(999);
  lane.free();
  await vi.advanceTimersByTimeAsync(60 * SECOND);
  expect(waiting.end()).toBe(undefined);
  await letGo();
  await waiting.promise;
  expect(waiting.end()).toBe('ran');
});

test('that the file was locked means nothing to those who come when the lane was empty', async () => {
  const { lane, join, letGo } = makeLane();
  lane.blocked();
  await letGo();
  const head = Promise.withResolvers<void>();
  const second = lane.run(() => head.promise, { context: NO_DEADLINE, busyTimeoutMs: 0 });
  const waiting = join();
  await vi.advanceTimersByTimeAsync(60 * SECOND);
  head.resolve();
  await Promise.all([second, waiting.promise]);
  expect(waiting.end()).toBe('ran');
});

test('a lane leaves no timer and no listener behind', async () => {
  const { lane } = useWriteLane('');
  const { signal } = new AbortController();
  const listened = vi.spyOn(signal, 'addEventListener');
  const unlistened = vi.spyOn(signal, 'removeEventListener');
  const work = async (): Promise<void> => void lane.blocked();
  await Promise.all(
    [1, 2, 3].map(() => lane.run(work, { context: { ...NO_DEADLINE, signal }, busyTimeoutMs: SECOND })),
  );
  expect(vi.getTimerCount()).toBe(0);
  const names = (spy: { readonly mock: { readonly calls: readonly unknown[][] } }): Set<unknown> =>
    new Set(spy.mock.calls.map(([, listener]) => listener));
  expect(names(unlistened)).toEqual(names(listened));
  expect(names(listened).size).toBe(3);
});

test('a lane is kept for as long as somebody uses it, and no longer', () => {
  const first = useWriteLane('/a.db');
  const second = useWriteLane('/a.db');
  expect(second.lane).toBe(first.lane);
  expect(useWriteLane('/b.db').lane).not.toBe(first.lane);
  first[Symbol.dispose]();
  const third = useWriteLane('/a.db');
  expect(third.lane).toBe(first.lane);
  second[Symbol.dispose]();
  third[Symbol.dispose]();
  expect(useWriteLane('/a.db').lane).not.toBe(first.lane);
});
