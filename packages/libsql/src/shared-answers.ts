import type { SqlRow } from '@holdfast/sql';

/** How much the answer to reads that share a request should be at most, in bytes: a server gives no more than 10 MB by default. */
const MOST_ANSWER_BYTES: number = 1024 * 1024;

/** How many reads share a request at most. */
const MOST_READS = 128;

/** How much of what a read usually gives the last one makes up. */
const SHARE_OF_LAST = 0.1;

/** How many reads have room in one answer, by what the last ones were. */
export class SharedAnswers {
  #usualBytes = 0;

  /** The reads in the requests that they go out in. */
  divide<T>(reads: readonly T[]): readonly (readonly T[])[] {
    const most = Math.max(1, Math.min(MOST_READS, Math.floor(MOST_ANSWER_BYTES / this.#usualBytes)));
    return Array.from({ length: Math.ceil(reads.length / most) }, (_, n) => reads.slice(n * most, (n + 1) * most));
  }

  /** Notes what one read has given. */
  note(rows: readonly SqlRow[]): void {
    this.#usualBytes += SHARE_OF_LAST * (bytesOf(rows) - this.#usualBytes);
  }
}

/** Of the values that are long: texts, and bytes in whatever form the driver gives them. */
function bytesOf(rows: readonly SqlRow[]): number {
  let bytes = 0;
  for (const value of rows.flatMap((row) => Object.values(row))) {
    const { length, byteLength } = (value ?? {}) as Partial<Record<'length' | 'byteLength', unknown>>;
    const size = byteLength ?? length;
    if (typeof size === 'number') bytes += size;
  }
  return bytes;
}
