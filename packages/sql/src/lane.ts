import { SaturationWatch, type OperationContext } from '@holdfast/core/adapter';

/**
 * Lets a limited number of pieces of work run at once, and the others wait in the order in which they came. It
 * is only ever held for one call to the backend, never across code of a caller.
 */
export class Lane {
  readonly #capacity: number;
  readonly #waiting = new Set<() => void>();
  readonly #saturation: SaturationWatch | undefined;
  #running = 0;

  /**
   * @param bound what the table of limits calls the capacity: that 80 % of it are in use is published under that name.
   * Without it nothing is; a lane for one at a time would be saturated by being used at all
   */
  constructor(capacity: number, bound?: string) {
    this.#capacity = capacity;
    this.#saturation = bound === undefined ? undefined : new SaturationWatch(bound, capacity);
  }

  /**
   * Runs something when there is room.
   *
   * @throws the reason of the signal when it fired before that; whatever `work` throws
   */
  async run<T>(work: () => Promise<T>, context: Pick<OperationContext, 'signal'>): Promise<T> {
    if (this.#running < this.#capacity) this.#change(1);
    else await this.#wait(context.signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Runs what has waited longest although there is no room for it: one of those that run does not seem to end. */
  admitOneMore(): void {
    const [admit] = this.#waiting;
    if (admit === undefined) return;
    this.#change(1);
    admit();
  }

  #change(by: 1 | -1): void {
    this.#running += by;
    this.#saturation?.update(this.#running);
  }

  #leave(): void {
    const [admit] = this.#waiting;
    if (admit === undefined || this.#running > this.#capacity) this.#change(-1);
    else admit();
  }

  /** Resolves when whoever leaves hands over their place. */
  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const end = (): void => {
        this.#waiting.delete(admit);
        signal.removeEventListener('abort', giveUp);
      };
      const admit = (): void => {
        end();
        resolve();
      };
      const giveUp = (): void => {
        end();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(admit);
    });
  }
}
