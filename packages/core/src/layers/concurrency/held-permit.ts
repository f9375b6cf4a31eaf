import type { OperationContext } from '../../filesystem/operation-context.ts';
import type { WorkObserver } from '../../filesystem/work-observer.ts';
import { runWithPermit } from './run-with-permit.ts';
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
    const ended = (): void => this.ended();
    // First, since it throws for what an adapter gives in place of a promise: that has no end to wait for.
    work.then(ended, ended);
    this.#holders += 1;
    this.#above?.began(work);
  }

  run<T>(call: () => Promise<T>, context: OperationContext): Promise<T> {
    const take = (): Promise<Permit> => this.#reads.wait(context.signal, { urgent: true });
    return runWithPermit(call, { context, above: this.#above, take });
  }
}
