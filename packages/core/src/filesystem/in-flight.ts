import { pause } from '../timing/pause.ts';

/**
 * How long `close` takes at most, in milliseconds: it waits for operations under way, and then releases the backend under
 * them. A hung backend must not hang the shutdown of the process too.
 */
export const CLOSE_GRACE_MS = 5000;

/** Counts what is under way, also backend calls whose caller has stopped waiting. */
export class InFlight {
  #count = 0;
  #drained: (() => void) | undefined;

  /** Counts a piece of work until it settles. The answer is to be awaited in place of the work. */
  // One awaits the other, one by one: where a promise is awaited twice, the stacks of its errors lead no further.
  async track<T>(work: Promise<T>): Promise<T> {
    this.#count += 1;
    try {
      if (typeof (work as Partial<Promise<T>> | null | undefined)?.then !== 'function')
        throw new TypeError('no promise');
      return await work;
    } finally {
      this.#count -= 1;
      if (this.#count === 0) this.#drained?.();
    }
  }

  /** Resolves when nothing is under way, or after so many milliseconds. */
  async drained(milliseconds: number): Promise<void> {
    if (this.#count === 0 || milliseconds <= 0) return;
    const stop = new AbortController();
    this.#drained = () => stop.abort();
    await pause(milliseconds, stop.signal);
  }
}
