import { afterEach, beforeEach, expect, vi } from 'vitest';
import { clock } from '../../src/timing/clock.ts';
import { followGlobals } from './follow-globals.ts';
import { settled } from './unhandled.ts';

/**
 * Fakes the time of every test of the file. A test fails that leaves a timer behind, for which a process would live on, or
 * something that goes on from one turn of the event loop to the next.
 */
export function fakeTimeWithNothingLeft(): void {
  beforeEach(followGlobals);
  beforeEach(() => void vi.useFakeTimers());
  afterEach(async () => {
    await settled();
    const later = vi.spyOn(clock, 'setImmediate');
    await settled();
    expect([vi.getTimerCount(), later.mock.calls.length]).toEqual([0, 0]);
    later.mockRestore();
    vi.useRealTimers();
  });
}
