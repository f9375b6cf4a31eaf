import { FAMILIES } from './families.ts';
import type { BackendReport, Counts, MatrixReport } from './matrix-report.ts';
import { hotKeyFailures } from './run-backend.ts';
import { visibleLine } from './visible-text.ts';
import { duration, latency } from './words.ts';

const RESULTS: { readonly [Status in BackendReport['status']]: string } = {
  passed: '✓ passed',
  failed: '✗ failed',
  'could-not-start': '✗ no start',
};

const LEGEND = '✓ passed  ⊘ not promised  ~ known gap  ✗ failed';

/** The result for a terminal: a row for each family and a column for each backend, and below it what is of no backend. */
export function textTable(report: MatrixReport): string {
  const { backends, strayErrors, leftOut } = report;
  const rows = [
    ['', ...backends.map(({ id }) => id)],
    ...FAMILIES.map((family) => [family, ...backends.map((it) => cell(it, family))]),
    ['hot key', ...backends.map(hotKeyCell)],
    ['uncaught errors', ...backends.map(strayCell)],
    ['all scenarios', ...backends.map((it) => ('counts' in it ? counted(it.counts) : '✗'))],
    ['result', ...backends.map(({ status }) => RESULTS[status])],
    ['time', ...backends.map((it) => ('durationMs' in it ? duration(it.durationMs) : '-'))],
  ];
  const out = leftOut.map(({ name, by }) => `LEFT OUT  ${visibleLine(name)} (${by})`);
  const stray = strayErrors.map(({ reason }) => `FAILED  nobody caught: ${visibleLine(reason)}`);
  return [columns(rows), LEGEND, ...stray, ...out].join('\n');
}

function cell(backend: BackendReport, family: string): string {
  if (backend.status === 'could-not-start') return '✗ no start';
  const found = backend.families.find((it) => it.family === family);
  return found === undefined ? '-' : `${counted(found.counts)}  ${duration(found.durationMs)}`;
}

function hotKeyCell(backend: BackendReport): string {
  if (backend.status === 'could-not-start') return '✗ no start';
  if (backend.hotKey === null) return '⊘';
  if (hotKeyFailures(backend.hotKey).length > 0) return '✗';
  return `✓ p99 ${latency(backend.hotKey.points.at(-1)?.latency?.p99 ?? 0)}`;
}

function strayCell(backend: BackendReport): string {
  if (backend.strayErrors.length > 0) return `✗ ${backend.strayErrors.length}`;
  return backend.status === 'could-not-start' ? '✗ no start' : '✓';
}

function counted(counts: Counts): string {
  const parts = [
    counts.failed > 0 && `✗ ${counts.failed}`,
    counts.passed > 0 && `✓ ${counts.passed}`,
    counts.refused > 0 && `⊘ ${counts.refused}`,
    counts['known-gap'] > 0 && `~ ${counts['known-gap']}`,
  ];
  return parts.filter((it) => it !== false).join(' ');
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return rows.flatMap((row, index) => (index === 0 ? [line(row), rule] : [line(row)])).join('\n');
}
