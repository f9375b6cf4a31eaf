import { HoldfastError, isHoldfastError } from '@holdfast/core';
import { restated, type OperationContext } from '@holdfast/core/adapter';
import type { SqlRow } from '../driver.ts';
import type { SqlQuery } from '../statements/statement.ts';

/** How a read ended: with rows of its own, or with what all that were sent with it failed with. */
type Ending = { readonly rows: readonly SqlRow[] } | { readonly failure: unknown } | { readonly givenUp: unknown };

/** A read that somebody wants, from when it is asked for until it is answered. */
export class WaitingRead {
  readonly query: SqlQuery;
  readonly context: OperationContext;
  #ending: Ending | undefined;
  #tell: (() => void) | undefined;
  #stopListening: (() => void) | undefined;

  constructor(query: SqlQuery, context: OperationContext) {
    this.query = query;
    this.context = context;
  }

  /** Whether it is answered, or nobody waits for the answer any more. */
  get isOver(): boolean {
    if (this.#ending === undefined && this.context.signal.aborted) this.#giveUp();
    return this.#ending !== undefined;
  }

  /**
   * The rows; to be asked for once. What failed for all that were sent together is an error of its own for each, made here,
   * where it is awaited.
   *
   * @throws the reason of the signal; HoldfastError
   */
  async rows(): Promise<readonly SqlRow[]> {
    if (this.#ending === undefined) {
      await new Promise<void>((resolve) => {
        this.#tell = resolve;
      });
    }
    const ending = this.#ending as unknown as Ending;
    if ('rows' in ending) return ending.rows;
    throw 'failure' in ending ? ownError(ending.failure) : ending.givenUp;
  }

  /** Calls back when whoever wants it gives up before it is answered. */
  onGivenUp(callBack: () => void): void {
    const { signal } = this.context;
    const giveUp = (): void => {
      this.#giveUp();
      callBack();
    };
    signal.addEventListener('abort', giveUp, { once: true });
    this.#stopListening = () => signal.removeEventListener('abort', giveUp);
  }

  answer(rows: readonly SqlRow[]): void {
    this.#end({ rows });
  }

  fail(failure: unknown): void {
    this.#end({ failure });
  }

  #giveUp(): void {
    this.#end({ givenUp: this.context.signal.reason });
  }

  #end(ending: Ending): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    this.#stopListening?.();
    this.#tell?.();
  }
}

function ownError(failure: unknown): unknown {
  return isHoldfastError(failure)
    ? restated(failure, {})
    : new HoldfastError('BACKEND_FAILED', 'the backend failed', { cause: failure });
}
