import { clock, type Timer } from '@holdfast/core/adapter';

/**
 * How long a writer that lost is expected back, in milliseconds: twice the longest backoff of `casUpdate`.
 */
const EXPECTED_BACK_MS = 100;

/**
 * The longest turn, in milliseconds, which is also the first of a line. If no write followed the read by then,
 * it was no retry, or whoever it was takes their time over it.
 */
const LONGEST_TURN_MS = 10;

/** The longest a turn waits for its read, in milliseconds: a slow round trip, but not one that hangs. */
const LONGEST_READ_MS = 250;

/** What a line goes back to when a write succeeds, and where halving a turn opens the line: 4, 2, 1, open. */
const SHORTEST_TURN_MS = 1;
const FIRST_TURN_AFTER_WRITE_MS = 4;

/** How much longer than the last read and its write a turn may be. */
const SPARE = 4;

/** Nothing here is worth that a process lives on for it. */
const IN_BACKGROUND = { holdsProcess: false } as const;

interface Turn {
  /** The version that was read in it; `undefined` when nothing was there, `null` while nothing has been read. */
  version: unknown;
  /** Ends it when nothing comes of it. */
  timer: Timer;
}

interface Line {
  /** How many writes lost here whose next read has not been seen. */
  expected: number;
  lostAt: number;
  turn: Turn | undefined;
  /** How long a turn may last without a write; 0 when nobody has to wait for a turn. */
  turnMs: number;
  /** The last version that was read for the first time, and when. */
  read: { readonly version: unknown; readonly at: number } | undefined;
  /** How long the last successful writer took from its read to its write. */
  tookMs: number;
  readonly waiting: Set<() => void>;
}

/**
 * Lines up those who lost a race, place by place. Whoever loses comes back to read and to try again, and if all
 * come at once all but one lose again. One at a time, they do not meet.
 *
 * A line is no lock. It delays only as many reads as writes have lost, each for a bounded time, and never a
 * write. A turn ends when the state that was read in it is gone, when its own write is done, after a few
 * milliseconds without one, or when its read hangs. Each turn without a write halves the next, and after four at most the line is open:
 * everybody reads at once, until a write succeeds. So those who only read, or hang, cost the others 20 ms.
 */
export class RetryLine {
  // In the order of the last loss.
  readonly #lines = new Map<string, Line>();
  /** When it is swept at the latest; 0 when there is nothing to sweep. */
  #sweepBy = 0;

  /** How many places have a line. */
  get size(): number {
    return this.#lines.size;
  }

  /** Notes that a write at a place lost. */
  lost(place: string): void {
    const now = clock.now();
    const line = this.#lines.get(place) ?? newLine(now);
    line.expected = now - line.lostAt > EXPECTED_BACK_MS ? 1 : line.expected + 1;
    line.lostAt = now;
    this.#lines.delete(place);
    this.#lines.set(place, line);
    this.#sweepLater(now);
  }

  /** Whether a read of a place counts as the return of a writer that lost. Each loss counts for one read. */
  expects(place: string): boolean {
    const line = this.#lines.get(place);
    if (line === undefined || line.expected === 0 || clock.now() - line.lostAt > EXPECTED_BACK_MS) return false;
    line.expected -= 1;
    return true;
  }

  /** Waits for a turn. `false` when the time was up or the signal fired before there was one. */
  enter(place: string, milliseconds: number, signal: AbortSignal): Promise<boolean> {
    const line = this.#lines.get(place);
    if (line === undefined) return Promise.resolve(false);
    if (line.turnMs === 0) return Promise.resolve(true);
    if (line.turn !== undefined) return wait(line.waiting, milliseconds, signal);
    this.#begin(place, line);
    return Promise.resolve(true);
  }

  /** Says what was read in the turn at a place. A write is expected to follow. */
  hasRead(place: string, version: unknown): void {
    const line = this.#lines.get(place);
    if (line === undefined) return;
    if (line.read === undefined || line.read.version !== version) line.read = { version, at: clock.now() };
    const { turn } = line;
    if (turn === undefined) return;
    turn.version = version;
    clock.clearTimeout(turn.timer);
    turn.timer = clock.setTimeout(() => this.#expire(place, line), line.turnMs, IN_BACKGROUND);
  }

  /** Says that a write at a place begins. If it expects what was read in the turn, the turn lasts until it is done. */
  writes(place: string, expected: unknown): void {
    const line = this.#lines.get(place);
    if (line === undefined) return;
    if (line.read !== undefined && line.read.version === expected) line.tookMs = clock.now() - line.read.at;
    const { turn } = line;
    if (turn !== undefined && turn.version === expected) clock.clearTimeout(turn.timer);
  }

  /** Says that a write at a place is done. It ends the turn if it changed something or expected what was read. */
  hasWritten(place: string, changed: boolean, expected: unknown): void {
    const line = this.#lines.get(place);
    if (line === undefined) return;
    // Also for those who take longer than a turn: they come one behind the other, not all at once.
    if (changed) {
      const needed = Math.max(FIRST_TURN_AFTER_WRITE_MS, line.tookMs * SPARE);
      line.turnMs = Math.min(LONGEST_TURN_MS, Math.max(line.turnMs, needed));
    }
    if (line.turn !== undefined && (changed || line.turn.version === expected)) this.next(place);
  }

  /** Ends the turn at a place and gives the next. */
  next(place: string): void {
    const line = this.#lines.get(place);
    if (line?.turn === undefined) return;
    clock.clearTimeout(line.turn.timer);
    line.turn = undefined;
    const [admit] = line.waiting;
    if (admit === undefined) return;
    this.#begin(place, line);
    admit();
  }

  #begin(place: string, line: Line): void {
    const timer = clock.setTimeout(() => this.#expire(place, line), LONGEST_READ_MS, IN_BACKGROUND);
    line.turn = { version: null, timer };
  }

  #expire(place: string, line: Line): void {
    line.turnMs /= 2;
    if (line.turnMs < SHORTEST_TURN_MS) {
      line.turnMs = 0;
      line.turn = undefined;
      for (const admit of line.waiting) admit();
    }
    this.next(place);
  }

  #sweepLater(now: number): void {
    // No flag, which would wait for good for a timer that was lost: tests fake them, and forget those that are faked.
    if (now < this.#sweepBy) return;
    this.#sweepBy = now + 2 * EXPECTED_BACK_MS;
    const sweep = (): void => {
      const then = clock.now();
      this.#sweepBy = 0;
      this.#forgetIdle(then);
      if (this.#lines.size > 0) this.#sweepLater(then);
    };
    clock.setTimeout(sweep, EXPECTED_BACK_MS, IN_BACKGROUND);
  }

  #forgetIdle(now: number): void {
    for (const [place, { lostAt, turn, waiting }] of this.#lines) {
      if (now - lostAt <= EXPECTED_BACK_MS) return;
      if (turn === undefined && waiting.size === 0) this.#lines.delete(place);
    }
  }
}

function newLine(now: number): Line {
  return {
    expected: 0,
    lostAt: now,
    turn: undefined,
    turnMs: LONGEST_TURN_MS,
    read: undefined,
    tookMs: 0,
    waiting: new Set(),
  };
}

function wait(waiting: Set<() => void>, milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const leave = (admitted: boolean): void => {
      clock.clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      waiting.delete(admit);
      resolve(admitted);
    };
    const admit = (): void => leave(true);
    const giveUp = (): void => leave(false);
    const timer = clock.setTimeout(giveUp, milliseconds);
    signal.addEventListener('abort', giveUp, { once: true });
    waiting.add(admit);
  });
}
