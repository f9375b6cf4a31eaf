import { clock, type Clock } from '../../src/timing/clock.ts';

/** Makes the clock follow the globals of this process, which a test fakes. Gives what undoes it. */
export function followGlobals(): () => void {
  const own: Clock = { ...clock };
  Object.assign(clock, {
    now: () => performance.now(),
    dateNow: () => Date.now(),
    setTimeout: (callback, milliseconds, { holdsProcess = true } = {}) => {
      const timer = setTimeout(callback, milliseconds);
      return holdsProcess ? timer : timer.unref();
    },
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
    setImmediate: (callback) => void setImmediate(callback),
    // A turn of the real event loop is more than a fake clock waits for.
    nextTurn: () => Promise.resolve(),
  } satisfies Partial<Clock>);
  return () => void Object.assign(clock, own);
}
