import type { LeftOut, MatrixReport } from './matrix-report.ts';

/** The command that runs the same backends at the same effort again. */
export function commandOf({
  effort,
  backends,
  leftOut,
}: Pick<MatrixReport, 'effort' | 'backends' | 'leftOut'>): string {
  const outBy = (by: LeftOut['by']): string[] => leftOut.filter((it) => it.by === by).map(({ id }) => id);
  const without = outBy('--without');
  const byEnvironment = outBy('HOLDFAST_MATRIX_WITHOUT');
  const parts = [`npm run matrix -- --effort ${effort}`];
  if (byEnvironment.length > 0) parts.unshift(`HOLDFAST_MATRIX_WITHOUT=${byEnvironment.join(',')}`);
  if (outBy('--only').length > 0) {
    // What was left out of those by other means stays left out by them.
    const only = [...backends.map(({ id }) => id), ...without, ...byEnvironment];
    parts.push(`--only ${only.join(',')}`);
  }
  if (without.length > 0) parts.push(`--without ${without.join(',')}`);
  return parts.join(' ');
}
