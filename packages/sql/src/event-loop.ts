import { clock, type OperationContext } from '@holdfast/core/adapter';

/**
 * How long calls may keep the event loop to themselves, in milliseconds. Well below what timers are used for,
 * and some hundred reads long. Whatever takes longer than this at once is alone in its turn.
 */
const SLICE_MS = 4;

/** How many of those who queue are admitted in one turn at most: more than fit a slice. */
const ADMITTED_AT_ONCE = 256;

/**
 * Gives the event loop its turns. The driver is synchronous and promises settle without a turn of the loop, so
 * calls that are started together, or one after the other, would starve every timer of the process.
 *
 * Work runs at once while the slice of this turn lasts, so that a write follows the read it belongs to with
 * nothing in between. After that it queues. Each turn admits those who have waited longest, one by one, each with
 * what follows it at once, as long as the slice lasts.
 */
export class EventLoopTurns {
  #began = clock.now();
  #nextIsDue = false;
  readonly #queue = new Set<() => void>();

  /**
   * Runs something, at once or in a later turn, and in its caller's async context either way: who admits it does so by
   * resolving a promise that it waits for.
   *
   * @throws the reason of the signal when it fired before the turn came; whatever `work` throws
   */
  async run<T>(work: () => T | Promise<T>, context: Pick<OperationContext, 'signal'>): Promise<T> {
    this.#expectNext();
    if (clock.now() - this.#began >= SLICE_MS) await this.#admission(context.signal);
    return work();
  }

  #admission(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#queue.delete(admit);
        reject(signal.reason as Error);
      };
      const admit = (): void => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
      this.#queue.add(admit);
    });
  }

  #expectNext(): void {
    if (this.#nextIsDue) return;
    this.#nextIsDue = true;
    clock.setImmediate(() => this.#begin());
  }

  #begin(): void {
    this.#nextIsDue = false;
    this.#began = clock.now();
    const admitted = Math.min(this.#queue.size, ADMITTED_AT_ONCE);
    // An immediate each: what follows the work of one in its promises runs before the next is admitted.
    for (let others = 1; others < admitted; others += 1) clock.setImmediate(() => this.#admit());
    this.#admit();
  }

  #admit(): void {
    const [admit] = this.#queue;
    if (admit === undefined) return;
    this.#expectNext();
    if (clock.now() - this.#began >= SLICE_MS) return;
    this.#queue.delete(admit);
    admit();
  }
}

/** The turns of this process, which all connections share as they share its event loop. */
export const eventLoopTurns: EventLoopTurns = new EventLoopTurns();
