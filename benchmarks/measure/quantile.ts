/**
 * The value below which a share of all values lies, from 0 (the least) to 1 (the most), between two values in proportion;
 * `NaN` of none.
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const [lower = Number.NaN, upper = lower] = sorted.slice(Math.floor(place));
  return lower + (upper - lower) * (place % 1);
}
