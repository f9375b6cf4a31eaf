import { quantile } from './quantile.ts';

/** The middle of some values, and of an even number of them the mean of the two in the middle; `NaN` of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
