import { clock } from './clock.ts';

/**
 * How long calls that follow one another may keep the event loop to themselves, in milliseconds, before one of them
 * waits for its turn; reads twice as long. Well below what timers are used for, and some hundred updates in memory.
 */
const SLICE_MS = 4;

/**
 * Leaves the event loop its share. Promises settle without a turn of it, so calls whose work needs none, one after the
 * other or many at once, would keep every timer, signal and socket of the process waiting for as long as they go on.
 *
 * A slice begins with the first call after the last one was over, and looks out for a turn. Where that comes by itself,
 * nobody ever waits; else every call that ends when the slice is over waits for one. Costs a look at the clock.
 */
export class EventLoopShare {
  #ends = -Infinity;
  #turned = true;

  /**
   * What to wait for at the end of a call, if anything.
   *
   * @param reads whether a write may follow what was read: it does best with nothing in between, so the wait is left to
   * it, if it comes within another slice
   */
  due({ reads }: { readonly reads: boolean }): Promise<void> | undefined {
    const now = clock.now();
    // More than a slice ahead, the clock was another one then, which a test had faked.
    const left = this.#ends - now;
    if (left > 0 && left <= SLICE_MS) return undefined;
    if (!this.#turned) return reads && left <= 0 && left > -SLICE_MS ? undefined : this.#turn();
    this.#ends = now + SLICE_MS;
    this.#turned = false;
    void this.#turn();
    return undefined;
  }

  /** Each waits for a turn of its own, so that what follows one of them comes before the next, and nobody depends on others. */
  async #turn(): Promise<void> {
    await clock.nextTurn();
    this.#turned = true;
  }
}

/** The share of this process's event loop, which has only one. */
export const eventLoopShare: EventLoopShare = new EventLoopShare();
