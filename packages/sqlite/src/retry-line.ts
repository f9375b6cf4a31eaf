/**
 * How long a writer that lost is expected back, in milliseconds: twice the longest backoff of `casUpdate`.
 */
const EXPECTED_BACK_MS = 100;

/**
 * The longest turn, in milliseconds: a commit on a slow disk. If no write followed the read by then, it was no
 * retry, or whoever it was takes their time over it.
 */
const LONGEST_TURN_MS = 10;

interface Turn {
  /** The version that was read in it; `undefined` when nothing was there, `null` while nothing has been read. */
  version: unknown;
  timer: NodeJS.Timeout | undefined;
}

interface Line {
  /** How many writes lost here whose next read has not been seen. */
  expected: number;
  lostAt: number;
  turn: Turn | undefined;
  readonly waiting: Set<() => void>;
}

/**
 * Lines up those who lost a race, place by place. Whoever loses comes back to read and to try again, and if all
 * come at once all but one lose again. One at a time, they do not meet.
 *
 * A line is no lock. It delays only as many reads as writes have lost, each for a bounded time, and never a
 * write. A turn ends when the state that was read in it is gone, when its own write is done, or after a few
 * milliseconds.
 */
export class RetryLine {
  // In the order of the last loss.
  readonly #lines = new Map<string, Line>();

  /** Notes that a write at a place lost. */
  lost(place: string): void {
    const now = performance.now();
    const line = this.#lines.get(place) ?? { expected: 0, lostAt: now, turn: undefined, waiting: new Set() };
    line.expected = now - line.lostAt > EXPECTED_BACK_MS ? 1 : line.expected + 1;
    line.lostAt = now;
    this.#lines.delete(place);
    this.#lines.set(place, line);
    this.#forgetIdle(now);
  }

  /** Whether a read of a place counts as the return of a writer that lost. Each loss counts for one read. */
  expects(place: string): boolean {
    const line = this.#lines.get(place);
    if (line === undefined || line.expected === 0 || performance.now() - line.lostAt > EXPECTED_BACK_MS) return false;
    line.expected -= 1;
    return true;
  }

  /** Waits for a turn. `false` when the time was up or the signal fired before there was one. */
  enter(place: string, milliseconds: number, signal: AbortSignal): Promise<boolean> {
    const line = this.#lines.get(place);
    if (line === undefined) return Promise.resolve(false);
    if (line.turn !== undefined) return wait(line.waiting, milliseconds, signal);
    line.turn = { version: null, timer: undefined };
    return Promise.resolve(true);
  }

  /** Says what was read in the turn at a place. A write is expected to follow. */
  hasRead(place: string, version: unknown): void {
    const turn = this.#lines.get(place)?.turn;
    if (turn === undefined) return;
    turn.version = version;
    clearTimeout(turn.timer);
    turn.timer = setTimeout(() => this.next(place), LONGEST_TURN_MS).unref();
  }

  /** Says that a write at a place is done. It ends the turn if it changed something or expected what was read. */
  hasWritten(place: string, changed: boolean, expected: unknown): void {
    const turn = this.#lines.get(place)?.turn;
    if (turn !== undefined && (changed || turn.version === expected)) this.next(place);
  }

  /** Ends the turn at a place and gives the next. */
  next(place: string): void {
    const line = this.#lines.get(place);
    if (line?.turn === undefined) return;
    clearTimeout(line.turn.timer);
    line.turn = undefined;
    const [admit] = line.waiting;
    if (admit === undefined) return;
    line.turn = { version: null, timer: undefined };
    admit();
  }

  #forgetIdle(now: number): void {
    for (const [place, { lostAt, turn, waiting }] of this.#lines) {
      if (now - lostAt <= EXPECTED_BACK_MS || turn !== undefined || waiting.size > 0) return;
      this.#lines.delete(place);
    }
  }
}

function wait(waiting: Set<() => void>, milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const leave = (admitted: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      waiting.delete(admit);
      resolve(admitted);
    };
    const admit = (): void => leave(true);
    const giveUp = (): void => leave(false);
    const timer = setTimeout(giveUp, milliseconds);
    signal.addEventListener('abort', giveUp, { once: true });
    waiting.add(admit);
  });
}
