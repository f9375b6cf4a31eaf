import type { OperationContext } from '../../filesystem/operation-context.ts';
import type { LaterCall, WorkObserver } from '../../filesystem/work-observer.ts';
import type { Permit, Permits } from './permits.ts';

/**
 * A permit for as long as the backend works on a call: until the call has its answer and everything that it made the
 * backend do has ended. Who gave up does not make room for others while the backend still works for them.
 */
export class HeldPermit implements WorkObserver {
  readonly #permit: Permit;
  readonly #reads: Permits;
  readonly #above: WorkObserver | undefined;
  // The call itself, and what is under way for it.
  #holders = 1;

  /**
   * @param reads where reads that find out what became of a write take permits of their own
   * @param above who else observes the call
   */
  constructor(permit: Permit, reads: Permits, above: WorkObserver | undefined) {
    this.#permit = permit;
    this.#reads = reads;
    this.#above = above;
  }

  /** Says that the call has its answer, or that a part of its work has ended. */
  ended(): void {
    this.#holders -= 1;
    if (this.#holders === 0) this.#permit.release();
  }

  began(work: Promise<unknown>): void {
    this.#holders += 1;
    const ended = (): void => this.ended();
    work.then(ended, ended);
    this.#above?.began(work);
  }

  async run<T>(purpose: LaterCall, call: () => Promise<T>, context: OperationContext): Promise<T> {
    const permit = await this.#reads.wait(context.signal, { urgent: true });
    return runHolding(permit, call, { purpose, context, above: this.#above });
  }
}

/** Runs a later call of an operation while a permit is held for it, and gives the permit back. */
export async function runHolding<T>(
  permit: Permit,
  call: () => Promise<T>,
  { purpose, context, above }: { purpose: LaterCall; context: OperationContext; above: WorkObserver | undefined },
): Promise<T> {
  try {
    return await (above === undefined ? call() : above.run(purpose, call, context));
  } finally {
    permit.release();
  }
}
