import { SaturationWatch } from '../../diagnostics/saturation.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import { errorOf, type Named } from '../../operations/named.ts';

/** How much may run at once, and how much may wait for that. */
export interface LaneLimits {
  /** The most calls that the backend works on at once. */
  readonly limit: number;
  /** The most calls that wait; one more is refused. */
  readonly queue: number;
}

/** The right to have the backend work on one call. */
export interface Permit {
  /** Gives it back. Once is enough, and more than once does no harm. */
  release(): void;
}

interface Waiting {
  readonly admit: () => void;
  readonly refuse: () => void;
}

/** How somebody waits. */
export interface WaitOptions {
  /** Goes before all others and is never refused for want of room. */
  readonly urgent?: boolean;
  /** What the permit is for, as errors name it. */
  readonly call?: Named;
}

/** A fixed number of permits, and a bounded line of those who wait for one, first come, first served. */
export class Permits {
  readonly #limits: LaneLimits;
  readonly #waiting = new Set<Waiting>();
  /** Served before all others, and not bounded: they belong to calls that are under way. */
  readonly #urgent = new Set<Waiting>();
  readonly #runningWatch: SaturationWatch;
  readonly #waitingWatch: SaturationWatch;
  #running = 0;
  #closed = false;

  /**
   * @param bound what messages about it say: `withConcurrencyLimit reads`
   * @param name whose they say it is
   */
  constructor(bound: string, limits: LaneLimits, name?: string) {
    this.#limits = limits;
    this.#runningWatch = new SaturationWatch(`${bound}.limit`, limits.limit, name);
    this.#waitingWatch = new SaturationWatch(`${bound}.queue`, limits.queue, name);
  }

  /** How many permits are taken. */
  get running(): number {
    return this.#running;
  }

  /** How many wait for one. */
  get waiting(): number {
    return this.#waiting.size + this.#urgent.size;
  }

  /**
   * Takes a permit, when there is one at once.
   *
   * @throws HoldfastError `OVERLOADED` when there is none and no room to wait
   */
  tryTake(call: Named): Permit | undefined {
    if (this.#running < this.#limits.limit) return this.#take();
    if (this.#waiting.size < this.#limits.queue) return undefined;
    throw errorOf(call, 'OVERLOADED', 'too many calls wait already');
  }

  /**
   * Waits for a permit. Whoever gives up leaves the line at once.
   *
   * @throws HoldfastError `CLOSED`; or the reason of the signal
   */
  wait(signal: AbortSignal | undefined, { urgent = false, call }: WaitOptions = {}): Promise<Permit> {
    if (this.#running < this.#limits.limit) return Promise.resolve(this.#take());
    if (this.#closed) return Promise.reject(closed(call));
    const line = urgent ? this.#urgent : this.#waiting;
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      const leave = (): void => {
        line.delete(waiting);
        signal?.removeEventListener('abort', giveUp);
        this.#waitingWatch.update(this.#waiting.size);
      };
      const giveUp = (): void => {
        leave();
        reject(signal?.reason as Error);
      };
      const waiting: Waiting = {
        admit: () => {
          leave();
          resolve(this.#permit());
        },
        refuse: () => {
          leave();
          reject(closed(call));
        },
      };
      line.add(waiting);
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#waitingWatch.update(this.#waiting.size);
    });
  }

  /** Refuses those who wait, and from now on everybody who would have to. */
  close(): void {
    this.#closed = true;
    for (const waiting of [...this.#urgent, ...this.#waiting]) waiting.refuse();
  }

  #take(): Permit {
    this.#change(1);
    return this.#permit();
  }

  /** One that is counted already. It is handed on to who waits next, and else given back. */
  #permit(): Permit {
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        const [next] = this.#urgent.size > 0 ? this.#urgent : this.#waiting;
        if (next === undefined) this.#change(-1);
        else next.admit();
      },
    };
  }

  #change(by: 1 | -1): void {
    this.#running += by;
    this.#runningWatch.update(this.#running);
  }
}

function closed(call: Named | undefined): HoldfastError {
  const message = 'the filesystem was closed before it was this call’s turn';
  return call === undefined ? new HoldfastError('CLOSED', message) : errorOf(call, 'CLOSED', message);
}
