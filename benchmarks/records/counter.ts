import { jsonCodec } from '@holdfast/core';

/** What every record of the benchmarks is: 200 bytes of JSON, however often it was counted up. */
export interface Counter {
  readonly count: number;
  readonly rest: string;
}

/** Where counters begin, so that counting makes none of them longer. */
export const FIRST_COUNT = 1_000_000;

/** A counter that nobody has counted up. */
export const FIRST: Counter = { count: FIRST_COUNT, rest: 'r'.repeat(173) };

/** One more. What a hand-written update does with the text it has read is this, between two calls of `JSON`. */
export function countedUp({ count, rest }: Counter): Counter {
  return { count: count + 1, rest };
}

/** {@link FIRST} as it is stored, in 200 bytes. */
export const FIRST_TEXT: string = JSON.stringify(FIRST);

/** What ours reads and writes counters with. */
export const COUNTERS = jsonCodec<Counter>({ kind: 'counter' });

/** The key of one of several counters, the same for both sides; for ours it is a path. */
export function keyOf(number: number): string {
  return `/counters/${number}`;
}
