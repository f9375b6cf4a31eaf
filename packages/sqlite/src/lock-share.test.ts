import { followGlobals } from '@holdfast/test-support';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LockShare } from './lock-share.ts';

beforeEach(followGlobals);
beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Commits of a length, with a pause after each; gives for how many of them there was a rest. */
function restsOf(commits: number, heldMs: number, pauseMs: number): number {
  const share = new LockShare();
  let rests = 0;
  for (let commit = 0; commit < commits; commit += 1) {
    vi.advanceTimersByTime(heldMs);
    share.held(heldMs);
    if (share.restMs() > 0) rests += 1;
    vi.advanceTimersByTime(Math.ceil(share.restMs()) + pauseMs);
    expect(share.restMs()).toBe(0);
  }
  return rests;
}

test('one that commits without a pause makes room every 20 ms', () => {
  expect(restsOf(40, 5, 0)).toBe(10);
  expect(restsOf(40, 30, 0)).toBe(40);
});

test('one that leaves room by itself does not', () => {
  expect(restsOf(40, 5, 2)).toBe(0);
  expect(restsOf(1, 5, 0)).toBe(0);
});
