import { SaturationWatch, type OperationContext } from '@holdfast/core/adapter';
import { throwIfGivenUp } from './give-up.ts';

/**
 * How many operations of one filesystem work on the disk at a time. Each holds up to four files open (a directory,
 * the one above or below it, a file, a directory being read), so this many need 64 at most: a quarter of the lowest
 * usual limit of a process, the 256 of macOS. More would not be faster: Node makes its calls in 4 threads by default,
 * and 1,500 concurrent puts took the same time without a limit.
 */
export const MAX_UNDER_WAY = 16;

/**
 * Lets a number of operations work at a time, the others in the order they came. Whoever has its turn must never
 * wait for another one. When 80 % of the turns are taken, that is published once.
 */
export class Turns {
  readonly #count: number;
  #underWay = 0;
  // In the order of insertion.
  readonly #waiting = new Set<() => void>();
  readonly #saturation: SaturationWatch;

  constructor(count: number) {
    this.#count = count;
    this.#saturation = new SaturationWatch('openLocalDisk operations at once', count);
  }

  /**
   * Runs an operation when its turn comes, until it settles.
   *
   * @throws HoldfastError `ABORTED` or `TIMEOUT` with the outcome `'not-applied'`, when the caller gives up before
   */
  async take<T>(context: OperationContext, operation: () => Promise<T>): Promise<T> {
    if (this.#underWay < this.#count) this.#change(1);
    else await this.#wait(context);
    try {
      return await operation();
    } finally {
      this.#next();
    }
  }

  async #wait(context: OperationContext): Promise<void> {
    const { signal } = context;
    throwIfGivenUp(context);
    const hasTurn = await new Promise<boolean>((resolve) => {
      const call = (): void => {
        signal.removeEventListener('abort', leave);
        resolve(true);
      };
      const leave = (): void => {
        this.#waiting.delete(call);
        resolve(false);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.add(call);
    });
    if (!hasTurn) throwIfGivenUp(context);
  }

  #change(by: 1 | -1): void {
    this.#underWay += by;
    this.#saturation.update(this.#underWay);
  }

  /** Hands the turn on rather than freeing it, so that nobody who comes right now gets ahead. */
  #next(): void {
    const [call] = this.#waiting;
    if (call === undefined) this.#change(-1);
    else {
      this.#waiting.delete(call);
      call();
    }
  }
}
