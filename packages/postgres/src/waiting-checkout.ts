import type { OperationContext } from '@holdfast/core/adapter';
import type { Lease } from './lease.ts';

/** One who waits for a connection, until they have it or give up. Most have it at once, so little is made for them. */
export class WaitingCheckout {
  readonly context: OperationContext;
  readonly #lease = Promise.withResolvers<Lease>();
  #controller: AbortController | undefined;
  #reason: unknown;
  #hasGivenUp = false;
  #onGivenUp: (() => void) | undefined;

  constructor(context: OperationContext) {
    this.context = context;
  }

  /** The connection; fails with why there is none. */
  get lease(): Promise<Lease> {
    return this.#lease.promise;
  }

  get hasGivenUp(): boolean {
    return this.#hasGivenUp;
  }

  /** Fires when they give up. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#hasGivenUp) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  readonly giveUp = (reason: unknown): void => {
    if (this.#hasGivenUp) return;
    this.#hasGivenUp = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    this.#onGivenUp?.();
    this.#lease.reject(reason);
  };

  /** Calls back when they give up, at once if they have; until another callback is given, or none. */
  onGivenUp(callBack: (() => void) | undefined): void {
    this.#onGivenUp = callBack;
    if (this.#hasGivenUp) callBack?.();
  }

  readonly resolve = (lease: Lease): void => this.#lease.resolve(lease);

  readonly reject = (error: unknown): void => this.#lease.reject(error);
}
