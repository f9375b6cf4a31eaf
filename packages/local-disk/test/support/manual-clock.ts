import { clock, type Clock } from '@holdfast/core/adapter';

/** A clock whose time passes only by {@link ManualClock.pass}. */
export interface ManualClock extends Clock {
  /** Lets time pass, and calls back those whose time comes. */
  pass(milliseconds: number): void;
}

interface Waiting {
  readonly at: number;
  readonly callback: () => void;
}

/** Makes a clock that stands still. */
export function manualClock(): ManualClock {
  let now = 0;
  const timers = new Set<object>();
  return {
    ...clock,
    now: () => now,
    setTimeout(callback, milliseconds) {
      const timer: Waiting = { at: now + milliseconds, callback };
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer) => void timers.delete(timer as object),
    pass(milliseconds) {
      now += milliseconds;
      for (const timer of timers as Set<Waiting>) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.callback();
      }
    },
  };
}
