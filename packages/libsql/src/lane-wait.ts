import { HoldfastError } from '@holdfast/core';
import { clock, type OperationContext, type Timer } from '@holdfast/core/adapter';

/** How long somebody waits in a lane. */
export interface LanePatience {
  /** Ends the wait. */
  readonly context: OperationContext;
  /** For how long it waits while the file is locked by somebody outside of the lane. */
  readonly busyTimeoutMs: number;
  /** Since when it waits, on the clock of core; by default since now. */
  readonly arrived?: number;
}

/** The wait of one caller in a lane: its own clock runs while the file is locked, and not while the lane moves on. */
export class LaneWait implements Disposable {
  readonly #over = new AbortController();
  readonly #arrived: number;
  readonly #context: OperationContext;
  readonly #caller: AbortSignal;
  readonly #busyTimeoutMs: number;
  #waiting = true;
  #timer: Timer | undefined;

  constructor({ context, busyTimeoutMs, arrived = clock.now() }: LanePatience) {
    this.#arrived = arrived;
    const { signal } = context;
    this.#context = context;
    this.#caller = signal;
    this.#busyTimeoutMs = busyTimeoutMs;
    if (signal.aborted) this.#giveUp();
    else signal.addEventListener('abort', this.#giveUp, { once: true });
  }

  /** Fires when the caller waits no longer: with its own reason, or a `BUSY`. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Notes since when the file has been locked, on the clock of `performance.now()`. */
  blocked(since: number): void {
    if (!this.#waiting) return;
    const remainingMs = Math.max(since, this.#arrived) + this.#busyTimeoutMs - clock.now();
    // Else it is the deadline that ends the wait, and no second clock is to be there first.
    if (remainingMs >= this.#context.remainingMs()) return;
    this.#timer = clock.setTimeout(() => this.#over.abort(busy()), Math.max(0, Math.ceil(remainingMs)));
  }

  /** Notes that the file is not locked. */
  free(): void {
    clock.clearTimeout(this.#timer);
  }

  /** Ends it: the caller's turn has come. */
  end(): void {
    this.#waiting = false;
    this.free();
    this.#caller.removeEventListener('abort', this.#giveUp);
  }

  [Symbol.dispose](): void {
    this.end();
  }

  readonly #giveUp = (): void => this.#over.abort(this.#caller.reason);
}

function busy(): HoldfastError {
  return new HoldfastError('BUSY', 'another connection held the database for too long', { outcome: 'not-applied' });
}
