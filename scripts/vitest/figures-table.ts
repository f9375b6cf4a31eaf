import type { Reporter, TestModule } from 'vitest/node';
import { writeFigures } from './write-figures.ts';

/** A row of the table, as `test-faults/figures/note-figures.ts` has it. */
export interface Figures {
  readonly promise: string;
  readonly where: string;
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * Prints what the tests of faults counted, as one table: how many faults there were, how many calls were acknowledged, and how
 * many of these were lost. `HOLDFAST_FIGURES_PAGE` names a file in which the same table is put between two marks.
 */
export default class FiguresTable implements Reporter {
  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const rows = modules.flatMap((module) => [...module.children.allTests()].flatMap((test) => figuresOf(test.meta())));
    if (rows.length === 0) return;
    console.log(`\n${figuresTable(rows)}`);
    const page = process.env['HOLDFAST_FIGURES_PAGE'];
    if (page !== undefined) await writeFigures(page, figuresTable(rows));
  }
}

function figuresOf(meta: object): readonly Figures[] {
  return (meta as { readonly figures?: readonly Figures[] }).figures ?? [];
}

/** The table, in the order of promises and backends: as text, and as Markdown too. */
export function figuresTable(rows: readonly Figures[]): string {
  const sorted = rows.toSorted((one, other) => order(one, other));
  const cells = [
    ['promise', 'where', 'counted'],
    ...sorted.map(({ promise, where, counts }) => [promise, where, counted(counts)]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [head = [], ...rest] = cells;
  return [line(head), rule, ...rest.map((row) => line(row))].join('\n');
}

function order(one: Figures, other: Figures): number {
  return one.promise.localeCompare(other.promise, 'en') || one.where.localeCompare(other.where, 'en');
}

function counted(counts: Figures['counts']): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count.toLocaleString('en')}`)
    .join(', ');
}
