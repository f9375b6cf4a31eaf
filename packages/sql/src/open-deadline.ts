import { HoldfastError } from '@holdfast/core';
import { clock, type OperationContext, type Timer } from '@holdfast/core/adapter';

/** How long opening a database on a server may take in all, in milliseconds: longer than somebody else's migration. */
const OPEN_TIMEOUT_MS = 60_000;

/** The patience of opening a database on a server, which may accept a connection and never answer. */
export class OpenDeadline implements OperationContext, Disposable {
  readonly #controller = new AbortController();
  readonly #until: number;
  readonly #timer: Timer;

  constructor(milliseconds: number = OPEN_TIMEOUT_MS) {
    this.#until = clock.now() + milliseconds;
    const reason = new HoldfastError('TIMEOUT', 'the database took too long to answer', { outcome: 'not-applied' });
    this.#timer = clock.setTimeout(() => this.#controller.abort(reason), milliseconds);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  remainingMs(): number {
    return Math.max(0, this.#until - clock.now());
  }

  [Symbol.dispose](): void {
    clock.clearTimeout(this.#timer);
  }
}
