import { afterEach, beforeEach, expect, vi } from 'vitest';
import { clock } from '../../src/timing/clock.ts';
import { followGlobals } from './follow-globals.ts';
import { settled } from './unhandled.ts';

/**
 * Fakes the time of every test of the file. A test fails that leaves a timer behind, for which a process would live on, or
 * something that goes on from one turn of the event loop to the next; it ends with the test.
 */
export function fakeTimeWithNothingLeft(): void {
  let turns = 0;
  let end: () => void = () => {};
  beforeEach(followGlobals);
  beforeEach(() => {
    vi.useFakeTimers();
    const { setImmediate } = clock;
    let isOver = false;
    clock.setImmediate = (callback) => {
      turns += 1;
      setImmediate(() => {
        if (!isOver) callback();
      });
    };
    end = () => void (isOver = true);
  });
  afterEach(async () => {
    await settled();
    turns = 0;
    await settled();
    end();
    const left = { timers: vi.getTimerCount(), turns };
    vi.useRealTimers();
    expect(left).toEqual({ timers: 0, turns: 0 });
  });
}
