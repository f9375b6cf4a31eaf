import { clock } from '@holdfast/core/adapter';
import { followGlobals } from './follow-globals.ts';

/** The clock of Holdfast, following the globals that a test fakes, but for this. */
export interface SkewedClock {
  /** How far it is ahead of the timers, in milliseconds; a timer may fire before the clock is there. At first 0. */
  ahead: number;
  /** Makes it follow the globals no longer. */
  undo(): void;
}

/** Makes one. */
export function skewedClock(): SkewedClock {
  const undo = followGlobals();
  const skewed: SkewedClock = { ahead: 0, undo };
  Object.assign(clock, { now: () => performance.now() + skewed.ahead });
  return skewed;
}
