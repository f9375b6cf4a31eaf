import { cellsOf, HEADS } from '../run/figures.ts';
import { describeMachine, type Machine } from '../run/machine.ts';
import type { MeasuredGroup } from '../run/run-groups.ts';
import type { Chart } from './charts.ts';
import { markdownTable } from './markdown-table.ts';

/** All that a page is made of. */
export interface Report {
  readonly machine: Machine;
  readonly servers: readonly string[];
  readonly groups: readonly MeasuredGroup[];
  readonly when: Date;
}

/** The part of the page that a run writes: where and when it was, the pictures, and a table for each group. */
export function figuresInMarkdown({ machine, servers, groups, when }: Report, charts: readonly Chart[]): string {
  const [where, versions] = describeMachine(machine);
  return [
    `Measured on ${when.toISOString().slice(0, 10)}: ${where}.`,
    `With ${[...servers, versions].join(', ')}.`,
    ...charts.map(({ title, file }) => `![${title}](performance/${file})`),
    ...groups.flatMap(({ title, measured, notes }) => [
      `### ${title}`,
      ...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join('\n')] : []),
      markdownTable([HEADS, ...measured.map(cellsOf)]),
    ]),
  ].join('\n\n');
}
