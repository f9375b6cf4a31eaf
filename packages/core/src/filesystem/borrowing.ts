import type { OperationContext } from './operation-context.ts';

/** The context of a call, for a read of what is only looked at. */
export class Borrowing implements OperationContext {
  readonly borrows = true;
  readonly #call: OperationContext;

  constructor(call: OperationContext) {
    this.#call = call;
  }

  get signal(): AbortSignal {
    return this.#call.signal;
  }

  remainingMs(): number {
    return this.#call.remainingMs();
  }

  get whole(): object | undefined {
    return this.#call.whole;
  }
}
