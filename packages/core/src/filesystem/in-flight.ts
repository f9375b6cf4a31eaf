import { pause } from '../timing/pause.ts';

/**
 * How long `close` waits for operations under way, in milliseconds, before it releases the backend under
 * them. A hung backend must not hang the shutdown of the process too.
 */
export const CLOSE_GRACE_MS = 5000;

/** Counts what is under way, also backend calls whose caller has stopped waiting. */
export class InFlight {
  #count = 0;
  #drained: (() => void) | undefined;

  /** Counts a piece of work until it settles. */
  track<T>(work: Promise<T>): Promise<T> {
    const settled = (): void => {
      this.#count -= 1;
      if (this.#count === 0) this.#drained?.();
    };
    work.then(settled, settled);
    this.#count += 1;
    return work;
  }

  /** Resolves when nothing is under way, or after {@link CLOSE_GRACE_MS}; answers whether something still is. */
  async drained(): Promise<boolean> {
    if (this.#count === 0) return false;
    const stop = new AbortController();
    this.#drained = () => stop.abort();
    await pause(CLOSE_GRACE_MS, stop.signal);
    return this.#count > 0;
  }
}
