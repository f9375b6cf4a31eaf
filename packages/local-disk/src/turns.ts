import { clock, SaturationWatch, type Clock, type OperationContext, type Timer } from '@holdfast/core/adapter';
import { throwIfGivenUp } from './give-up.ts';

/**
 * How many operations of one filesystem work on the disk at a time. Each holds up to four files open (a directory,
 * the one above or below it, a file, a directory being read), so this many need 64 at most: a quarter of the lowest
 * usual limit of a process, the 256 of macOS. More would not be faster: Node makes its calls in 4 threads by default,
 * and 1,500 concurrent puts took the same time without a limit.
 */
export const MAX_UNDER_WAY = 16;

/**
 * How long an operation keeps its turn without a sign of life, in milliseconds. On a disk that is well its steps take a
 * few; one that takes this long hangs, or the disk is so slow that another operation more makes no difference.
 */
export const STALLED_MS = 1000;

/** How many operations beside those that have turns may be stalled; further ones keep theirs. They hold 64 files open. */
export const MAX_STALLED = 16;

/** Somebody who waits to be called. */
interface Waiter {
  readonly work: string;
  call(): void;
}

/** An operation that is under way. */
interface UnderWay {
  readonly work: string;
  /** When it last gave a sign of life, by the clock. */
  seenAt: number;
  stalled: boolean;
  timer: Timer | undefined;
}

/**
 * Lets a number of operations work at a time, the others in the order they came. Whoever has its turn must never
 * wait for another one. When 80 % of the turns are taken, that is published once.
 *
 * An operation that hangs parks only itself: after {@link STALLED_MS}, or when its caller gives up, its turn is given to
 * the next. Who asks for the same work as one that is stalled waits until that one ends, rather than hang beside it.
 */
export class Turns {
  readonly #count: number;
  readonly #clock: Clock;
  #taken = 0;
  // In the order of insertion.
  readonly #waiting = new Set<Waiter>();
  /** By what they do, those who wait for the stalled ones that do the same, and how many of these there are. */
  readonly #parked = new Map<string, { stalled: number; readonly waiters: Set<Waiter> }>();
  #stalled = 0;
  readonly #saturation: SaturationWatch;

  constructor(count: number, time: Clock = clock) {
    this.#count = count;
    this.#clock = time;
    this.#saturation = new SaturationWatch('openLocalDisk operations at once', count);
  }

  /**
   * Runs an operation when its turn comes, until it settles.
   *
   * @param work what it does, and at which path
   * @param operation takes the context to work with. That it asks whether its caller still waits is its sign of life
   * @throws HoldfastError `ABORTED` or `TIMEOUT` with the outcome `'not-applied'`, when the caller gives up before
   */
  async take<T>(
    context: OperationContext,
    work: string,
    operation: (context: OperationContext) => Promise<T>,
  ): Promise<T> {
    if (this.#taken < this.#count && !this.#parked.has(work)) this.#change(1);
    else await this.#wait(context, work);
    const underWay: UnderWay = { work, seenAt: this.#clock.now(), stalled: false, timer: undefined };
    const stall = (): void => this.#stall(underWay);
    this.#watch(underWay, STALLED_MS);
    context.signal.addEventListener('abort', stall, { once: true });
    try {
      return await operation(this.#watched(context, underWay));
    } finally {
      this.#clock.clearTimeout(underWay.timer);
      context.signal.removeEventListener('abort', stall);
      if (underWay.stalled) this.#recover(work);
      else this.#next();
    }
  }

  async #wait(context: OperationContext, work: string): Promise<void> {
    const { signal } = context;
    throwIfGivenUp(context);
    const hasTurn = await new Promise<boolean>((resolve) => {
      const call = (): void => {
        signal.removeEventListener('abort', leave);
        resolve(true);
      };
      const waiter: Waiter = { work, call };
      const leave = (): void => {
        this.#waiting.delete(waiter);
        this.#parked.get(work)?.waiters.delete(waiter);
        resolve(false);
      };
      signal.addEventListener('abort', leave, { once: true });
      (this.#parked.get(work)?.waiters ?? this.#waiting).add(waiter);
    });
    if (!hasTurn) throwIfGivenUp(context);
  }

  #change(by: 1 | -1): void {
    this.#taken += by;
    this.#saturation.update(this.#taken);
  }

  /** Hands the turn on rather than freeing it, so that nobody who comes right now gets ahead. */
  #next(): void {
    for (const waiter of this.#waiting) {
      this.#waiting.delete(waiter);
      const parked = this.#parked.get(waiter.work);
      if (parked === undefined) return waiter.call();
      parked.waiters.add(waiter);
    }
    this.#change(-1);
  }

  #watched(context: OperationContext, underWay: UnderWay): OperationContext {
    return {
      get signal() {
        return context.signal;
      },
      remainingMs: () => {
        underWay.seenAt = this.#clock.now();
        return context.remainingMs();
      },
    };
  }

  #watch(underWay: UnderWay, forMs: number): void {
    const look = (): void => {
      const quietMs = this.#clock.now() - underWay.seenAt;
      if (quietMs < STALLED_MS) this.#watch(underWay, STALLED_MS - quietMs);
      else this.#stall(underWay);
    };
    underWay.timer = this.#clock.setTimeout(look, forMs, { holdsProcess: false });
  }

  #stall(underWay: UnderWay): void {
    if (underWay.stalled || this.#stalled === MAX_STALLED) return;
    underWay.stalled = true;
    this.#stalled += 1;
    const parked = this.#parked.get(underWay.work) ?? { stalled: 0, waiters: new Set() };
    parked.stalled += 1;
    this.#parked.set(underWay.work, parked);
    this.#next();
  }

  #recover(work: string): void {
    this.#stalled -= 1;
    const parked = this.#parked.get(work);
    if (parked === undefined) return;
    parked.stalled -= 1;
    if (parked.stalled > 0) return;
    this.#parked.delete(work);
    for (const waiter of parked.waiters) {
      if (this.#taken === this.#count) this.#waiting.add(waiter);
      else {
        this.#change(1);
        waiter.call();
      }
    }
  }
}
