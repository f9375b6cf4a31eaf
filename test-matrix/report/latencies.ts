import type { Latencies } from './matrix-report.ts';

/** Buckets grow by the fourth root of two: a bucket tells its latencies to within 19 %, and few are needed. */
const BUCKETS_PER_DOUBLING = 4;

/** Sums durations in milliseconds up; `null` when there are none. Percentiles are durations that occurred. */
export function summarize(durationsMs: readonly number[]): Latencies | null {
  const sorted = durationsMs.toSorted((a, b) => a - b);
  const count = sorted.length;
  if (count === 0) return null;
  // The nearest rank: the smallest duration that so many percent of all do not exceed.
  const percentile = (percent: number): number => sorted[Math.ceil((percent / 100) * count) - 1] ?? 0;
  return {
    count,
    mean: rounded(sorted.reduce((sum, it) => sum + it, 0) / count),
    min: rounded(sorted[0] ?? 0),
    p50: rounded(percentile(50)),
    p90: rounded(percentile(90)),
    p99: rounded(percentile(99)),
    max: rounded(sorted.at(-1) ?? 0),
    histogram: histogram(sorted),
  };
}

function histogram(sorted: readonly number[]): Latencies['histogram'] {
  const counts = new Map<number, number>();
  for (const duration of sorted) {
    // A clock of a resolution coarser than the duration may say 0, which has no logarithm.
    const bucket = Math.ceil(Math.log2(Math.max(duration, 0.001)) * BUCKETS_PER_DOUBLING);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return Array.from(counts, ([bucket, count]) => ({
    atMostMs: Number((2 ** (bucket / BUCKETS_PER_DOUBLING)).toPrecision(4)),
    count,
  }));
}

/** To microseconds, which is as far as `performance.now()` is to be trusted. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
