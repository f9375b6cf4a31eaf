import type { OperationContext } from '../../filesystem/operation-context.ts';
import type { LaterCall, WorkObserver } from '../../filesystem/work-observer.ts';
import { runHolding } from './held-permit.ts';
import type { Permit, Permits } from './permits.ts';

/** Takes a permit for each page that an iteration fetches, and none for what it gives from a page it has. */
export class PagePermits implements WorkObserver {
  readonly #reads: Permits;
  readonly #above: WorkObserver | undefined;
  #lent: Permit | undefined;
  #asked = false;

  constructor(reads: Permits, above: WorkObserver | undefined) {
    this.#reads = reads;
    this.#above = above;
  }

  /** Whether the filesystem below asks for a permit by itself when it fetches a page. */
  get asked(): boolean {
    return this.#asked;
  }

  /** Gives a permit that was taken already, for the next page. */
  lend(permit: Permit): void {
    this.#lent = permit;
  }

  /** Gives a lent permit back that nothing has used. */
  reclaim(): void {
    this.#lent?.release();
    this.#lent = undefined;
  }

  began(work: Promise<unknown>): void {
    this.#above?.began(work);
  }

  async run<T>(purpose: LaterCall, call: () => Promise<T>, context: OperationContext): Promise<T> {
    this.#asked = true;
    const permit = this.#lent ?? this.#reads.tryTake() ?? (await this.#reads.wait(context.signal));
    this.#lent = undefined;
    return runHolding(permit, call, { purpose, context, above: this.#above });
  }
}
