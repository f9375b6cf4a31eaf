import { quantile } from '../measure/quantile.ts';
import { isLessBetter, type Measured } from './benchmark.ts';
import { resultOf } from './bench-result.ts';

/** The cells of one figure: its id, what ours and the peer did with the quartiles of their rounds, and their ratio. */
export function cellsOf(measured: Measured): readonly [id: string, ours: string, peer: string, ratio: string] {
  const { id, ours, peer } = measured;
  return [id, withQuartiles(measured, ours), peer === null ? '' : withQuartiles(measured, peer), ratioOf(measured)];
}

/** The heads of the columns that {@link cellsOf} fills. */
export const HEADS = ['', 'ours (quartiles)', 'compared with', 'ratio'] as const;

/** A median and in brackets the two other quartiles. */
function withQuartiles({ unit }: Measured, values: readonly number[]): string {
  const [middle, lower, upper] = [0.5, 0.25, 0.75].map((share) => {
    const value = quantile(values, share);
    return unit === 'ms' ? value.toFixed(3) : Math.round(value).toLocaleString('en');
  });
  return `${middle} (${lower} to ${upper})`;
}

function ratioOf(measured: Measured): string {
  const { id, ours, peer, ratio, unit } = resultOf(measured);
  if (ratio === null || peer === null) return '';
  const more = id.startsWith('layers-') ? `, ${(1e6 / ours - 1e6 / peer).toFixed(2)} µs more` : '';
  // Of little, a hundredth is too much.
  const digits = ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2);
  return `${digits}${isLessBetter(unit) ? ' of the time' : ''}${more}`;
}
