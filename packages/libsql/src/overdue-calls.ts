import { clock, type Timer } from '@holdfast/core/adapter';

/**
 * How long a call counts among those under way, in milliseconds: as long as a server lets a transaction keep others
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

/** How many calls may have made way at once. */
const MOST_MADE_WAY = 8;

/** Nothing here is worth that a process lives on for it. */
const IN_BACKGROUND = { holdsProcess: false } as const;

/** A call to a server, as far as it may keep others waiting. */
export interface WatchedCall {
  /** How much it sends. */
  readonly bytes: number;
  /** Lets others pass, once. */
  readonly makeWay: () => void;
}

/** One call that is under way. */
interface Turn extends WatchedCall {
  readonly began: number;
  hasMadeWay: boolean;
}

/**
 * Sees to it that a call that hangs keeps nobody waiting. Who is overdue, and is overtaken by an answer to somebody who
 * began later, makes way for the next. Where nobody is answered at all, it may be the server that waits, and more
 * calls would not help it: then only one makes way, after twice as long another, and so on until there is an
 * answer.
 */
export class OverdueCalls {
  /** In the order in which they began. */
  readonly #turns = new Set<Turn>();
  #madeWay = 0;
  #usualMs = FIRST_USUAL_MS;
  #lastAnswer = 0;
  /** How many made way since the last answer. */
  #sinceAnswer = 0;
  #timer: Timer | undefined;

  /** Watches a call from now on until it ends, and gives its answer. */
  async watch<T>(answer: Promise<T>, call: WatchedCall): Promise<T> {
    const turn: Turn = { ...call, began: clock.now(), hasMadeWay: false };
    this.#turns.add(turn);
    this.#lookLater();
    const longest = clock.setTimeout(() => this.#forget(turn), LONGEST_TURN_MS, IN_BACKGROUND);
    try {
      const value = await answer;
      this.#answered(turn);
      return value;
    } finally {
      clock.clearTimeout(longest);
      this.#end(turn);
    }
  }

  #answered({ began }: Turn): void {
    const now = clock.now();
    // One that took far too long tells little about the others.
    const took = Math.min(now - began, 2 * this.#usualMs);
    this.#usualMs += SHARE_OF_LAST * (took - this.#usualMs);
    this.#lastAnswer = now;
    this.#sinceAnswer = 0;
    for (const turn of this.#turns) {
      if (turn.began >= began) return;
      if (now > this.#dueBy(turn)) this.#makeWay(turn);
    }
  }

  /** It counts no more, however many have made way. */
  #forget(turn: Turn): void {
    this.#end(turn);
    turn.makeWay();
  }

  #end(turn: Turn): void {
    if (!this.#turns.delete(turn)) return;
    if (turn.hasMadeWay) this.#madeWay -= 1;
    this.#lookLater();
  }

  #makeWay(turn: Turn): void {
    if (turn.hasMadeWay || this.#madeWay === MOST_MADE_WAY) return;
    this.#madeWay += 1;
    turn.hasMadeWay = true;
    turn.makeWay();
  }

  #dueBy({ began, bytes }: Turn): number {
    return began + this.#patienceMs() + bytes / SLOW_LINE_BYTES;
  }

  #patienceMs(): number {
    return Math.max(SHORTEST_PATIENCE_MS, PATIENCE * this.#usualMs);
  }

  /** Sees to it that somebody makes way when nobody is answered. */
  #lookLater(): void {
    const isNeeded = this.#inTheWay().length > 0;
    if (isNeeded && this.#timer !== undefined) return;
    clock.clearTimeout(this.#timer);
    const waitMs = Math.max(0, this.#nextAt() - clock.now());
    this.#timer = isNeeded ? clock.setTimeout(() => this.#look(), waitMs, IN_BACKGROUND) : undefined;
  }

  #look(): void {
    this.#timer = undefined;
    const [oldest] = this.#inTheWay();
    if (oldest !== undefined && clock.now() >= this.#nextAt()) {
      this.#sinceAnswer += 1;
      this.#makeWay(oldest);
    }
    this.#lookLater();
  }

  #inTheWay(): readonly Turn[] {
    return [...this.#turns].filter(({ hasMadeWay }) => !hasMadeWay);
  }

  /** When the next makes way, unless there is an answer before that. */
  #nextAt(): number {
    const held = this.#inTheWay();
    const quietSince = Math.max(this.#lastAnswer, ...held.map(({ began }) => began));
    return Math.max(quietSince + this.#patienceMs() * 2 ** this.#sinceAnswer, ...held.map((turn) => this.#dueBy(turn)));
  }
}
