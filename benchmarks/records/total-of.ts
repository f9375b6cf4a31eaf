import { FIRST_COUNT, type Counter } from './counter.ts';

/** How much was added to these counters since they were `FIRST`. */
export function totalOf(counters: readonly Counter[]): number {
  return counters.reduce((total, { count }) => total + count - FIRST_COUNT, 0);
}
