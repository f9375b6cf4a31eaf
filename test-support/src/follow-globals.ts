import { clock, type Clock } from '@holdfast/core/adapter';

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
    setImmediate: (callback) => void setImmediate(callback),
  } satisfies Partial<Clock>);
  return () => void Object.assign(clock, own);
}
