import { Alarms, type Alarm } from './alarms.ts';

/** A timer that was started; what it is differs between runtimes. */
export type Timer = object | number;

/** What a timer does beside calling back. */
export interface TimerOptions {
  /** Whether the process lives on for it, where a runtime knows the difference; by default it does. */
  readonly holdsProcess?: boolean;
}

/** Tells the time, and waits for it. */
export interface Clock {
  /** Milliseconds since some moment, which never go back: `performance.now()`. */
  now(): number;
  /** Milliseconds since 1970, as the machine has them: `Date.now()`. */
  dateNow(): number;
  /** Calls back after so many milliseconds. */
  setTimeout(callback: () => void, milliseconds: number, options?: TimerOptions): Timer;
  /** Ends a timer; nothing when there is none. */
  clearTimeout(timer: Timer | undefined): void;
  /**
   * Rings at a moment of {@link now}, for which the process lives on. For what most often is ended before: it costs a part of
   * what a timer costs.
   */
  setAlarm(moment: number, ring: () => void): Alarm;
  /** Calls back in a later turn of the event loop, after what has come in meanwhile. */
  setImmediate(callback: () => void): void;
  /** Resolves in a later turn of the event loop. */
  nextTurn(): Promise<void>;
}

/**
 * The one clock of Holdfast. Its functions are those of the runtime as they were when this module was loaded, so that
 * a test which fakes the globals later fakes none of it: a store goes on, and its deadlines are real. Where they are
 * faked already, only what waits for a time follows the fakes, until it meets the real ones. The timers of drivers are
 * not among them.
 */
export const clock: Clock = {
  now: () => now.call(performanceObject),
  dateNow: () => functions().dateNow(),
  setTimeout: (callback, milliseconds, { holdsProcess = true } = {}) => {
    const timer = functions().setTimeout(callback, milliseconds);
    // A browser numbers its timers.
    if (!holdsProcess && typeof timer === 'object') (timer as { unref?(): void }).unref?.();
    return timer;
  },
  clearTimeout: (timer) => functions().clearTimeout(timer),
  setAlarm: (moment, ring) => functions().alarms.set(moment, ring),
  setImmediate: (callback) => functions().setImmediate(callback),
  nextTurn: () => new Promise((resolve) => functions().setImmediate(resolve)),
};

/** The functions of the runtime that time passes in. */
interface Functions {
  readonly setTimeout: (callback: () => void, milliseconds: number) => Timer;
  readonly clearTimeout: (timer: Timer | undefined) => void;
  readonly alarms: Alarms;
  readonly setImmediate: (callback: () => void) => void;
  readonly dateNow: () => number;
}

// Node's own first, which the fakes of Jest and the windows of jsdom leave alone.
const sources = [globalThis.process?.getBuiltinModule?.('node:timers'), globalThis] as readonly (
  | Partial<Functions>
  | undefined
)[];
const performanceObject = globalThis.process?.getBuiltinModule?.('node:perf_hooks')?.performance ?? performance;
// Fakes are put upon the object, or in its place.
const { now = performanceObject.now } = Object.getPrototypeOf(performanceObject) as Partial<typeof performance>;

let taken = real();

function functions(): Functions {
  taken ??= real();
  if (taken !== undefined) return taken;
  const { setTimeout, clearTimeout } = globalThis as unknown as Functions;
  return functionsOf({ setTimeout, clearTimeout });
}

/** The functions of the runtime, unless they are faked. */
function real(): Functions | undefined {
  const source = sources.find((it) => it && !isFaked(it.setTimeout) && !isFaked(it.setImmediate));
  return source && !isFaked(Date) ? functionsOf(source) : undefined;
}

function functionsOf({ setTimeout, clearTimeout, setImmediate }: Partial<Functions>): Functions {
  if (setTimeout === undefined || clearTimeout === undefined) throw new TypeError('this runtime has no timers');
  // Called by themselves, as those of browsers have to be.
  const timers = {
    setTimeout: (callback: () => void, milliseconds: number) => setTimeout(callback, milliseconds),
    clearTimeout: (timer: Timer | undefined) => clearTimeout(timer),
  };
  return {
    ...timers,
    alarms: new Alarms({ ...timers, now: () => clock.now() }),
    setImmediate: (callback) => (setImmediate ?? sendTurn)(callback),
    dateNow: Date.now,
  };
}

/** In place of `setImmediate`, where there is none or only a fake. Nothing fakes messages. */
function sendTurn(callback: () => void): void {
  const { port1, port2 } = new MessageChannel();
  const onmessage = (): void => {
    port1.close();
    callback();
  };
  Object.assign(port1, { onmessage });
  port2.postMessage(undefined);
}

/** Whether a function is one that tests put in the place of the real one: of Sinon, Jest and Vitest, or of `node:test`. */
function isFaked(it: object | undefined): boolean {
  if (it === undefined) return false;
  const { name } = it as { readonly name?: unknown };
  return Object.hasOwn(it, 'clock') || Object.hasOwn(it, 'isMock') || String(name).startsWith('bound ');
}
