/** One figure of the benchmarks beside what it is compared with, as `npm run bench -- --json` prints it. */
export interface BenchResult {
  readonly id: string;
  readonly ours: number;
  /** `null` where nothing is compared. */
  readonly peer: number | null;
  /** `ours` through `peer`. */
  readonly ratio: number | null;
  readonly unit: 'calls per second of processor time' | 'ms';
}
