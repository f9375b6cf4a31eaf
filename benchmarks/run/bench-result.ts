import { median } from '../measure/median.ts';
import type { Measured, Unit } from './benchmark.ts';

/** One figure of the benchmarks beside what it is compared with, as `npm run bench -- --json` prints it: medians. */
export interface BenchResult {
  readonly id: string;
  readonly ours: number;
  /** `null` where nothing is compared. */
  readonly peer: number | null;
  /** `ours` through `peer`: above 1 ours does more in a second, or takes more milliseconds. */
  readonly ratio: number | null;
  readonly unit: Unit;
}

/** What is told of all the rounds of one figure. */
export function resultOf({ id, unit, ours, peer }: Measured): BenchResult {
  const middle = median(ours);
  const compared = peer === null ? null : median(peer);
  return { id, ours: middle, peer: compared, ratio: compared === null ? null : middle / compared, unit };
}
