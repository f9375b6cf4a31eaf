import type { OperationContext } from '../../filesystem/operation-context.ts';
import type { WorkObserver } from '../../filesystem/work-observer.ts';
import type { Permit, PermitCall, Permits } from './permits.ts';
import { runWithPermit } from './run-with-permit.ts';

/** Takes a permit for each page that an iteration fetches, and none for what it gives from a page it has. */
export class PagePermits implements WorkObserver {
  readonly #reads: Permits;
  readonly #call: PermitCall;
  readonly #above: WorkObserver | undefined;

  /**
   * @param call the iteration
   * @param above who else observes it
   */
  constructor(reads: Permits, call: PermitCall, above: WorkObserver | undefined) {
    this.#reads = reads;
    this.#call = call;
    this.#above = above;
  }

  /** Tells nobody: a page has its permits for as long as it is fetched. */
  began(): void {}

  run<T>(call: () => Promise<T>, context: OperationContext): Promise<T> {
    const take = (): Permit | Promise<Permit> =>
      this.#reads.tryTake(this.#call) ?? this.#reads.wait(context.signal, { call: this.#call });
    return runWithPermit(call, { context, above: this.#above, take });
  }
}
