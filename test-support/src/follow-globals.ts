import { clock, type Clock } from '@holdfast/core/adapter';

const realImmediate = setImmediate;

/** Makes the clock of Holdfast follow the globals of this process, which a test fakes. Gives what undoes it. */
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
    setAlarm: (moment, ring) => {
      const timer = setTimeout(ring, Math.max(0, Math.ceil(moment - performance.now())));
      return { end: () => clearTimeout(timer) };
    },
    // The real one: a fake that is not called before the fakes go is never called, and whoever waits for it waits for good.
    setImmediate: (callback) => void realImmediate(callback),
  } satisfies Partial<Clock>);
  return () => void Object.assign(clock, own);
}
