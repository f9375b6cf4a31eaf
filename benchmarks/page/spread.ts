import { quantile } from '../measure/quantile.ts';

/** What a chart shows of some rounds: their median and the two other quartiles. */
export interface Spread {
  readonly lower: number;
  readonly middle: number;
  readonly upper: number;
}

/** The quartiles of some rounds. */
export function spreadOf(values: readonly number[]): Spread {
  return { lower: quantile(values, 0.25), middle: quantile(values, 0.5), upper: quantile(values, 0.75) };
}
