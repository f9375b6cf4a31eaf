import type { HoldfastError } from '../errors/holdfast-error.ts';
import { errorOf, type Named } from '../operations/named.ts';
import { clock } from '../timing/clock.ts';
import { pause } from '../timing/pause.ts';
import { adapterError } from './adapter-error.ts';
import { CLOSE_GRACE_MS, InFlight } from './in-flight.ts';

/**
 * How a filesystem ends: nothing new begins, what is under way ends, then what it owns is released, once. In all that
 * takes {@link CLOSE_GRACE_MS} at most: what is not released by then is left to itself.
 */
export class Closing {
  /**
   * Until when the filesystem above waits that is being closed, on the clock. What hangs there hangs here too, and a stack
   * of filesystems must not wait for it once in every one of them. Set only while `release` is being called.
   */
  static #until: number | undefined;

  readonly #inFlight = new InFlight();
  readonly #release: () => Promise<void>;
  #closed: Promise<void> | undefined;

  /** @param release called once, after the operations under way have ended */
  constructor(release: () => Promise<void>) {
    this.#release = release;
  }

  /** Whether it has begun. */
  get hasBegun(): boolean {
    return this.#closed !== undefined;
  }

  /** The error of an operation that begins after the close, which is refused: `CLOSED`. */
  refusal(operation: Named): HoldfastError | undefined {
    return this.#closed === undefined ? undefined : errorOf(operation, 'CLOSED', 'the filesystem is closed');
  }

  /** Counts something as under way until {@link ended} is called for it. */
  began(): void {
    this.#inFlight.began();
  }

  ended(): void {
    this.#inFlight.ended();
  }

  /** Closes; again gives the same promise. It rejects with a HoldfastError only. */
  close(): Promise<void> {
    this.#closed ??= this.#finish(Closing.#until ?? clock.now() + CLOSE_GRACE_MS);
    return this.#closed;
  }

  async #finish(until: number): Promise<void> {
    await this.#inFlight.drained(until - clock.now());
    const released = new AbortController();
    const settled = (): void => released.abort();
    const releasing = this.#releaseBy(until);
    releasing.then(settled, settled);
    await pause(Math.max(0, until - clock.now()), released.signal);
    // What fails after that fails unheard.
    if (!released.signal.aborted) return;
    try {
      await releasing;
    } catch (thrown) {
      throw adapterError(thrown, CLOSE);
    }
  }

  async #releaseBy(until: number): Promise<void> {
    Closing.#until = until;
    let releasing: Promise<void>;
    try {
      releasing = this.#release();
    } finally {
      Closing.#until = undefined;
    }
    await releasing;
  }
}

const CLOSE: Named = { name: 'close', path: undefined, changes: false };
