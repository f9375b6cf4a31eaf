import { clock, pause, type Timer } from '@holdfast/core/adapter';
import { Lane } from '@holdfast/sql';

/**
 * How long a call counts among those at once, in milliseconds: as long as a server lets a transaction keep others
 * waiting. One whose answer is lost must not keep every other caller waiting for as long as it hangs.
 */
const LONGEST_TURN_MS = 5000;

/** Nothing is overdue before that, in milliseconds: a checkpoint of the server, or a pause of this process. */
const SHORTEST_PATIENCE_MS = 150;

/** How many times as long as usual a call may take before it is overdue. */
const PATIENCE = 5;

/** What sends more may take longer: a millisecond for so many bytes. */
const SLOW_LINE_BYTES = 1000;

/** How long a call usually takes until the first answers tell, in milliseconds. */
const FIRST_USUAL_MS = 30;

/** How much of what is usual the last answer makes up. */
const SHARE_OF_LAST = 0.1;

/** How many calls may have given their places away at once. */
const MOST_YIELDED = 8;

/** One call that has a place, or has had one. */
interface Turn {
  readonly began: number;
  readonly bytes: number;
  readonly leave: () => void;
  yielded: boolean;
}

/**
 * A lane in which a call that hangs parks only itself. Who is overdue, and is overtaken by an answer to somebody who
 * began later, gives the place to the next. Where nobody is answered at all, it may be the server that waits, and more
 * calls would not help it: then only one more is let in, after twice as long another, and so on until there is an
 * answer.
 */
export class YieldingLane {
  readonly #lane: Lane;
  /** In the order in which they began. */
  readonly #turns = new Set<Turn>();
  #yielded = 0;
  #usualMs = FIRST_USUAL_MS;
  #lastAnswer = 0;
  /** How many were let in beyond the capacity since the last answer. */
  #extra = 0;
  #timer: Timer | undefined;

  constructor(capacity: number) {
    this.#lane = new Lane(capacity);
  }

  /**
   * Runs a call when there is a place.
   *
   * @param bytes how many bytes the call sends
   * @throws the reason of the signal when it fired before that; whatever `call` throws
   */
  async run<T>(call: () => Promise<T>, { signal, bytes }: { signal: AbortSignal; bytes: number }): Promise<T> {
    const begun = Promise.withResolvers<T>();
    const takeTurn = (): Promise<void> => {
      const answer = call();
      begun.resolve(answer);
      return this.#turn(answer, bytes);
    };
    this.#lane.run(takeTurn, { signal }).catch(begun.reject);
    this.#watch();
    return await begun.promise;
  }

  /** Resolves when the place is free for the next. */
  #turn(answer: Promise<unknown>, bytes: number): Promise<void> {
    const { promise, resolve: leave } = Promise.withResolvers<void>();
    const turn: Turn = { began: clock.now(), bytes, leave, yielded: false };
    this.#turns.add(turn);
    const over = new AbortController();
    const end = (): void => over.abort();
    answer.then(() => this.#answered(turn)).then(end, end);
    void pause(LONGEST_TURN_MS, over.signal).then(() => {
      this.#turns.delete(turn);
      if (turn.yielded) this.#yielded -= 1;
      leave();
    });
    return promise;
  }

  #answered({ began }: Turn): void {
    const now = clock.now();
    // One that took far too long tells little about the others.
    const took = Math.min(now - began, 2 * this.#usualMs);
    this.#usualMs += SHARE_OF_LAST * (took - this.#usualMs);
    this.#lastAnswer = now;
    this.#extra = 0;
    for (const turn of this.#turns) {
      if (turn.began >= began) return;
      if (!turn.yielded && now > this.#dueBy(turn)) this.#yield(turn);
    }
  }

  #yield(turn: Turn): void {
    if (this.#yielded === MOST_YIELDED) return;
    this.#yielded += 1;
    turn.yielded = true;
    turn.leave();
  }

  #dueBy({ began, bytes }: Turn): number {
    return began + this.#patienceMs() + bytes / SLOW_LINE_BYTES;
  }

  #patienceMs(): number {
    return Math.max(SHORTEST_PATIENCE_MS, PATIENCE * this.#usualMs);
  }

  /** Sees to it that somebody is let in when nobody who has a place is answered. */
  #watch(): void {
    if (this.#timer !== undefined || this.#lane.waiting === 0) return;
    const waitMs = Math.max(0, this.#nextExtra() - clock.now());
    // Those who wait for an answer keep the process alive, and not this.
    this.#timer = clock.setTimeout(() => this.#look(), waitMs, { holdsProcess: false });
  }

  #look(): void {
    this.#timer = undefined;
    if (clock.now() >= this.#nextExtra()) {
      this.#extra += 1;
      this.#lane.admitOneMore();
    }
    this.#watch();
  }

  /** When one more is let in, unless there is an answer before that. */
  #nextExtra(): number {
    const held = [...this.#turns].filter(({ yielded }) => !yielded);
    const quietSince = Math.max(this.#lastAnswer, ...held.map(({ began }) => began));
    return Math.max(quietSince + this.#patienceMs() * 2 ** this.#extra, ...held.map((turn) => this.#dueBy(turn)));
  }
}
