import { HoldfastError } from '@holdfast/core';
import { clock, type OperationContext, type Timer } from '@holdfast/core/adapter';

/** How long opening a database on a server may take in all, in milliseconds: longer than somebody else's migration. */
const OPEN_TIMEOUT_MS = 60_000;

/** The patience of opening a database on a server, which may accept a connection and never answer. */
export class OpenDeadline implements OperationContext, Disposable {
  readonly #controller = new AbortController();
  readonly #reason = new HoldfastError('TIMEOUT', 'the database took too long to answer', { outcome: 'not-applied' });
  readonly #until: number;
  readonly #timer: Timer;

  constructor(milliseconds: number = OPEN_TIMEOUT_MS) {
    this.#until = clock.now() + milliseconds;
    this.#timer = clock.setTimeout(() => this.#controller.abort(this.#reason), milliseconds);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  remainingMs(): number {
    return Math.max(0, this.#until - clock.now());
  }

  /** What opening fails with when the time is up, whatever else it failed with; `undefined` while it is not. */
  exhausted(): HoldfastError | undefined {
    return this.signal.aborted || this.remainingMs() === 0 ? this.#reason : undefined;
  }

  [Symbol.dispose](): void {
    clock.clearTimeout(this.#timer);
  }
}
