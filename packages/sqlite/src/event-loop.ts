import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * How long reads may keep the event loop to themselves, in milliseconds. Well below what timers are used for,
 * and some hundred reads long.
 */
const SLICE_MS = 4;

/**
 * Gives the event loop its turns. The driver is synchronous and promises settle without a turn of the loop, so a
 * caller that awaits one call after the other would starve every timer of the process, and every other caller.
 */
export class EventLoopTurns {
  #last = performance.now();

  /** Lets everything run that is due. */
  async next(): Promise<void> {
    await nextTurn();
    this.#last = performance.now();
  }

  /** The same, but only when the last turn was {@link SLICE_MS} ago. */
  async nextIfDue(): Promise<void> {
    if (performance.now() - this.#last >= SLICE_MS) await this.next();
  }
}
