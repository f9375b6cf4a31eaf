import type { HoldfastError } from '../errors/holdfast-error.ts';
import { errorOf, ownOutcome, type Named } from '../operations/named.ts';
import type { Alarm } from '../timing/alarms.ts';
import { clock } from '../timing/clock.ts';
import type { OperationLimits } from './operation-options.ts';

/** What the adapter's part of an operation is given beside its arguments. */
export interface OperationContext {
  /**
   * Fires when the caller gave up or the deadline passed, in the async context of the call. Adapters that can cancel,
   * should.
   */
  readonly signal: AbortSignal;
  /** Milliseconds until the deadline; `Infinity` when there is none. Bound every wait and checkout by it. */
  remainingMs(): number;
  /** The same for all calls of one `casUpdate` or `transact`, also of later attempts, and of no other. Left out, it is unknown. */
  readonly whole?: object | undefined;
  /**
   * Whether whoever reads only looks at the body, and no caller ever gets it: then it may be the one that is stored, as long
   * as the adapter never changes the bytes of that. Left out, it may not.
   */
  readonly borrows?: boolean | undefined;
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
  /** Whether it has begun to wait for its end. */
  #waits = false;
  #alarm: Alarm | undefined;
  #listener: (() => void) | undefined;
  /** Whom the end has yet to be told; nobody any more when it has come, or the call is over. */
  #waiting: ((error: HoldfastError) => void)[] | undefined = [];
  #error: HoldfastError | undefined;
  readonly #named: Named;
  readonly #whole: Patience | undefined;

  /**
   * @param named what its errors are errors of
   * @param whole the patience of what it is a part of
   */
  constructor(named: Named, { signal, timeoutMs }: OperationLimits, whole?: Patience) {
    this.#named = named;
    this.#whole = whole;
    this.#caller = signal;
    this.#deadline = timeoutMs === undefined ? Infinity : clock.now() + timeoutMs;
  }

  /** One that ends no later than this, and after so many milliseconds from now at the latest; itself, if it does. */
  within(timeoutMs: number): Patience {
    const shorter = new Patience(this.#named, { signal: this.#caller, timeoutMs }, this.whole);
    return shorter.#deadline < this.#deadline ? shorter : this;
  }

  get whole(): Patience {
    return this.#whole ?? this;
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
      if (this.#waits) this.#end(given);
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
    this.#gaveUp ??= new Promise((resolve) => this.#whenOver(resolve));
    return this.#gaveUp;
  }

  /** What the work gives, unless this is over before: then it fails with {@link exhausted}'s error. */
  race<T>(work: Promise<T>): Promise<T> {
    if (!this.bounded) return work;
    return new Promise((resolve, reject) => {
      work.then(resolve, reject);
      this.#whenOver(reject);
    });
  }

  [Symbol.dispose](): void {
    this.#stop();
    // An adapter that asks for the signal later, for work of its own, starts no timer and listens to nobody.
    this.#waiting = undefined;
  }

  /**
   * Makes the controller. It aborts when a promise says so: in the async context of this call, whoever aborts it and
   * many others in theirs, and after those who wait for {@link gaveUp} are bound to hear of it.
   */
  #control(): AbortController {
    const controller = new AbortController();
    this.#controller = controller;
    if (this.bounded) void this.gaveUp().then((error) => controller.abort(error));
    return controller;
  }

  #whenOver(tell: (error: HoldfastError) => void): void {
    if (this.#waiting !== undefined) this.#waiting.push(tell);
    // It was told to those who waited.
    else if (this.#error !== undefined) tell(this.#error);
    if (this.#waiting !== undefined && !this.#waits) this.#wait();
  }

  #wait(): void {
    this.#waits = true;
    if (this.#deadline !== Infinity) {
      this.#alarm = clock.setAlarm(this.#deadline, () => this.#end(this.#describe('TIMEOUT')));
    }
    const caller = this.#caller;
    if (caller === undefined) return;
    const abort = (): void => this.#end(this.#describe('ABORTED'));
    this.#listener = abort;
    const listens = attempt(() => caller.addEventListener('abort', abort, { once: true }));
    // One that cannot be listened to could not end the call later.
    if (!listens || caller.aborted) abort();
  }

  /** Waits for its end no longer. */
  #stop(): void {
    this.#alarm?.end();
    const listener = this.#listener;
    if (listener !== undefined) attempt(() => this.#caller?.removeEventListener('abort', listener));
  }

  #end(error: HoldfastError): void {
    this.#error ??= error;
    this.#stop();
    const told = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const tell of told) tell(this.#error);
  }

  #describe(code: 'ABORTED' | 'TIMEOUT'): HoldfastError {
    const message = code === 'ABORTED' ? 'the caller aborted' : 'the deadline passed';
    return errorOf(this.#named, code, message, {
      outcome: ownOutcome(this.#named, 'not-applied'),
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
