import { clock } from '@holdfast/core/adapter';

/** How many writes have to have ended before any is long, how many times as long as half of them it takes, and how long at least. */
const LEAST_ENDED = 60;
const TIMES_AS_LONG = 6;
const LEAST_MS = 3;

/** How many of the last writes say what is usual. */
const REMEMBERED = 200;

/** Tells which writes take much longer than others: something is put in order, copied or rolled over in them. */
export class LongWrites {
  readonly #begun = new Set<{ readonly at: number }>();
  readonly #lasted: number[] = [];
  #isLong = false;
  #count = 0;
  #longestMs = 0;

  /** Begins a write; what it gives ends it. */
  begin(): () => void {
    const write = { at: clock.now() };
    this.#begun.add(write);
    return () => {
      this.#begun.delete(write);
      const lastedMs = clock.now() - write.at;
      if (this.#isLong) this.#longestMs = Math.max(this.#longestMs, lastedMs);
      if (this.#lasted.push(lastedMs) > REMEMBERED) this.#lasted.shift();
      if (this.#oldestMs() < this.#longMs()) this.#isLong = false;
    };
  }

  /** Whether the writes are in the long one of that number, from 1, or a later one, and so far into it. */
  isIn(number: number, share: number): boolean {
    const oldestMs = this.#oldestMs();
    if (!this.#isLong && oldestMs >= this.#longMs()) {
      this.#isLong = true;
      this.#count += 1;
    }
    return this.#isLong && this.#count >= number && oldestMs >= share * this.#longestMs;
  }

  #oldestMs(): number {
    const [oldest] = this.#begun;
    return oldest === undefined ? 0 : clock.now() - oldest.at;
  }

  #longMs(): number {
    if (this.#lasted.length < LEAST_ENDED) return Infinity;
    const usual = this.#lasted.toSorted((a, b) => a - b)[this.#lasted.length >> 1] as number;
    return Math.max(LEAST_MS, TIMES_AS_LONG * usual);
  }
}
