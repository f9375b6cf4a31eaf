import { HoldfastError, type OperationName } from '../errors/holdfast-error.ts';
import { parseDirectory } from '../paths/virtual-path.ts';
import { adapterError } from './adapter-error.ts';
import { InFlight } from './in-flight.ts';

/** How a filesystem ends: nothing new begins, what is under way ends, then what it owns is released, once. */
export class Closing {
  /**
   * Whether a filesystem is being released by one above it that has waited in vain. What hangs there hangs here too, and
   * a stack of filesystems must not wait for it once in every one of them. True only while `release` is being called.
   */
  static #waitedAbove = false;

  readonly #inFlight = new InFlight();
  readonly #release: () => Promise<void>;
  #closed: Promise<void> | undefined;

  /** @param release called once, after the operations under way have ended */
  constructor(release: () => Promise<void>) {
    this.#release = release;
  }

  /**
   * Refuses an operation that begins after the close. The path need not have been checked.
   *
   * @throws HoldfastError `CLOSED`
   */
  refuse(operation: OperationName, path: string): void {
    if (this.#closed === undefined) return;
    const shown = isDirectory(path) ? path : undefined;
    throw new HoldfastError('CLOSED', 'the filesystem is closed', { operation, path: shown });
  }

  /** Counts a piece of work as under way until it settles. */
  track<T>(work: Promise<T>): Promise<T> {
    return this.#inFlight.track(work);
  }

  /** Closes; again gives the same promise. It rejects with a HoldfastError only. */
  close(): Promise<void> {
    this.#closed ??= this.#finish(Closing.#waitedAbove);
    return this.#closed;
  }

  async #finish(waitedAbove: boolean): Promise<void> {
    const inVain = waitedAbove || (await this.#inFlight.drained());
    try {
      await this.#releaseAfter(inVain);
    } catch (thrown) {
      throw adapterError(thrown, 'close', undefined);
    }
  }

  #releaseAfter(inVain: boolean): Promise<void> {
    Closing.#waitedAbove = inVain;
    try {
      return this.#release();
    } finally {
      Closing.#waitedAbove = false;
    }
  }
}

function isDirectory(path: string): boolean {
  try {
    return parseDirectory(path) === path;
  } catch {
    return false;
  }
}
