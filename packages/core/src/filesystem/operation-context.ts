import { type HoldfastError, type OperationName } from '../errors/holdfast-error.ts';
import { ownError } from '../errors/own-error.ts';
import { clock } from '../timing/clock.ts';
import type { OperationLimits } from './operation-options.ts';
import type { WorkObserver } from './work-observer.ts';

/** What the adapter's part of an operation is given beside its arguments. */
export interface OperationContext {
  /**
   * Fires when the caller gave up or the deadline passed, in the async context of the call. Adapters that can cancel,
   * should.
   */
  readonly signal: AbortSignal;
  /** Milliseconds until the deadline; `Infinity` when there is none. Bound every wait and checkout by it. */
  remainingMs(): number;
}

/**
 * The patience of one call: its caller's signal and its deadline, in one place. Everything in it is made
 * only when it is needed, since most calls have neither.
 */
export class Patience implements OperationContext, Disposable {
  readonly #caller: AbortSignal | undefined;
  readonly #deadline: number;
  #controller: AbortController | undefined;
  #gaveUp: Promise<HoldfastError> | undefined;
  #stop: (() => void) | undefined;
  #end: ((error: HoldfastError) => void) | undefined;
  #error: HoldfastError | undefined;
  readonly operation: OperationName;
  readonly path: string | undefined;
  /** Who wants to know what the call makes the backend do. */
  readonly observer: WorkObserver | undefined;

  constructor(operation: OperationName, path: string | undefined, limits: OperationLimits) {
    this.operation = operation;
    this.path = path;
    this.observer = limits.observer;
    this.#caller = limits.signal;
    this.#deadline = limits.timeoutMs === undefined ? Infinity : clock.now() + limits.timeoutMs;
  }

  /** Whether this call can be interrupted at all. */
  get bounded(): boolean {
    return this.#caller !== undefined || this.#deadline !== Infinity;
  }

  /** The caller's own signal, to hand down where the deadline is handed down beside it. */
  get callerSignal(): AbortSignal | undefined {
    return this.#caller;
  }

  get signal(): AbortSignal {
    const controller = this.#controller ?? this.#control();
    const given = this.bounded ? this.exhausted() : undefined;
    if (given !== undefined && !controller.signal.aborted) {
      // First, so that nothing which the signal sets off is heard of before it.
      this.#end?.(given);
      controller.abort(given);
    }
    return controller.signal;
  }

  remainingMs(): number {
    if (this.#deadline === Infinity) return Infinity;
    const remaining = this.#deadline - clock.now();
    if (remaining > 0 && this.#error?.code !== 'TIMEOUT') return remaining;
    // Remembered: whoever is told that the time is up may end for it, before the timer fires.
    this.exhausted();
    return 0;
  }

  /**
   * The error to end with when the caller gave up or the deadline passed; `undefined` while neither did. Judged once:
   * a timer may fire up to a millisecond before the clock is there, or long after, and the first to notice decides.
   */
  exhausted(): HoldfastError | undefined {
    if (this.#error === undefined) {
      if (this.#caller?.aborted === true) this.#error = this.#describe('ABORTED');
      else if (this.#deadline !== Infinity && clock.now() >= this.#deadline) {
        this.#error = this.#describe('TIMEOUT');
      }
    }
    return this.#error;
  }

  /** Resolves with {@link exhausted}'s error once there is one; never rejects, and may never settle. */
  gaveUp(): Promise<HoldfastError> {
    return this.#arm();
  }

  [Symbol.dispose](): void {
    this.#stop?.();
    // An adapter that asks for the signal later, for work of its own, starts no timer and listens to nobody.
    this.#gaveUp ??= new Promise(() => {});
  }

  /**
   * Makes the controller. It aborts when a promise says so: in the async context of this call, whoever aborts it and
   * many others in theirs, and after those who wait for {@link gaveUp} are bound to hear of it.
   */
  #control(): AbortController {
    const controller = new AbortController();
    this.#controller = controller;
    if (this.bounded) void this.#arm().then((error) => controller.abort(error));
    return controller;
  }

  #arm(): Promise<HoldfastError> {
    this.#gaveUp ??= new Promise((resolve) => {
      this.#end = (error) => {
        this.#error ??= error;
        this.#stop?.();
        resolve(this.#error);
      };
      const end = (code: 'ABORTED' | 'TIMEOUT'): void => this.#end?.(this.#describe(code));
      const abort = (): void => end('ABORTED');
      const timer =
        this.#deadline === Infinity ? undefined : clock.setTimeout(() => end('TIMEOUT'), Math.ceil(this.remainingMs()));
      this.#stop = () => {
        clock.clearTimeout(timer);
        attempt(() => this.#caller?.removeEventListener('abort', abort));
      };
      const listens = attempt(() => this.#caller?.addEventListener('abort', abort, { once: true }));
      // One that cannot be listened to could not end the call later.
      if (!listens || this.#caller?.aborted === true) abort();
    });
    return this.#gaveUp;
  }

  #describe(code: 'ABORTED' | 'TIMEOUT'): HoldfastError {
    const message = code === 'ABORTED' ? 'the caller aborted' : 'the deadline passed';
    return ownError(code, message, {
      operation: this.operation,
      path: this.path,
      outcome: isMutation(this.operation) ? 'not-applied' : undefined,
      ...(code === 'ABORTED' ? { cause: this.#caller?.reason } : {}),
    });
  }
}

/** Calls what is the caller's, which may throw; answers whether it did not. */
function attempt(call: () => void): boolean {
  try {
    call();
    return true;
  } catch {
    return false;
  }
}

function isMutation(operation: OperationName): boolean {
  return operation === 'put' || operation === 'delete' || operation === 'casUpdate';
}
