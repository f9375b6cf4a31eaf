import type { Result } from './result.ts';

/** What became of every column in one runtime; a column that is missing was not tried. */
export interface RuntimeResults {
  /** Its name and version. */
  readonly runtime: string;
  readonly results: readonly Result[];
}

const UNTRIED = '';

/** The table, as the formatter of the repository would have it. */
export function runtimesTable(rows: readonly RuntimeResults[]): string {
  const columns = [...new Set(rows.flatMap(({ results }) => results.map(({ column }) => column)))];
  const cells = [
    ['runtime', ...columns],
    ...rows.map(({ runtime, results }) => [runtime, ...columns.map((column) => cell(results, column))]),
  ];
  const widths = cells[0]?.map((_, index) => Math.max(3, ...cells.map((row) => row[index]?.length ?? 0))) ?? [];
  const lines = cells.map((row) => `| ${row.map((text, index) => text.padEnd(widths[index] ?? 0)).join(' | ')} |`);
  lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
  return lines.join('\n');
}

function cell(results: readonly Result[], column: string): string {
  const result = results.find((it) => it.column === column);
  if (result === undefined) return UNTRIED;
  return result.problem === undefined ? 'yes' : 'no';
}
