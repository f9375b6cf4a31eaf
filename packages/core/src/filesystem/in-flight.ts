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

  began(): void {
    this.#count += 1;
  }

  ended(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#drained?.();
  }

  /** Resolves when nothing is under way, or after so many milliseconds. */
  async drained(milliseconds: number): Promise<void> {
    if (this.#count === 0 || milliseconds <= 0) return;
    const stop = new AbortController();
    this.#drained = () => stop.abort();
    await pause(milliseconds, stop.signal);
  }
}
