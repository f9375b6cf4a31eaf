import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, isTest } from '../lib/source-files.ts';
import { publishedPackages } from '../lib/workspace.ts';
import { root } from '../toolchain/root.mjs';
import { unitOf } from './limits/amount.ts';
import { Modules } from './limits/modules.ts';
import { namelessBounds } from './limits/nameless.ts';
import { NO_LIMITS, type NoLimit } from './limits/no-limits.ts';
import { numbersOf, type NamedNumber } from './limits/numbers.ts';
import { publishedBounds, type PublishedBound } from './limits/published.ts';
import { limitRows, type LimitRow } from './limits/table.ts';
import { UNNAMED, type Unnamed } from './limits/unnamed.ts';

const page = 'docs/limits.md';

/**
 * Every number that the packages give a name is in the table of limits, with its value, or in the list of those that
 * are no limits, with the reason; and both name only what is there. A number without a name is an error too, unless it
 * is excused with a reason, and so is a bound that is published under a name that the table does not have.
 */
export function checkLimits(
  workspace: string = root,
  noLimits: readonly NoLimit[] = NO_LIMITS,
  unnamed: readonly Unnamed[] = UNNAMED,
): string[] {
  const modules = new Modules(workspace);
  const files = publishedPackages(workspace)
    .flatMap(({ folder }) => filesBelow(workspace, `${folder}/src`, '.ts'))
    .filter((file) => !isTest(file));
  const numbers = files.flatMap((file) => numbersOf(file, modules));
  const published = files.flatMap((file) => publishedBounds(file, modules));
  const text = existsSync(join(workspace, page)) ? readFileSync(join(workspace, page), 'utf8') : '';
  const rows = limitRows(text, page);
  return [
    ...files.flatMap((file) => namelessBounds(file, modules, unnamed)),
    ...numbers.flatMap((number) => numberProblems(number, rows, noLimits)),
    ...rows.flatMap((row) => rowProblems(row, rows, numbers)),
    ...publicationProblems(published, rows),
    ...noLimits.flatMap((it) => staleNames(it, numbers)),
  ];
}

function numberProblems(number: NamedNumber, rows: readonly LimitRow[], noLimits: readonly NoLimit[]): string[] {
  const { file, line, name, value } = number;
  const at = `${file}:${line}: ${name}`;
  const row = rows.find((it) => it.constants.some((one) => one.file === file && one.name === name));
  const isNoLimit = noLimits.some((it) => covers(it, number));
  if (row === undefined) {
    if (isNoLimit) return [];
    return [`${at} is neither in the table of ${page} nor in scripts/check/limits/no-limits.ts`];
  }
  if (isNoLimit) return [`${at} is in the table of ${page} and among those that are no limits`];
  if (row.amount === undefined) return [];
  const unit = unitOf(name);
  if (Math.abs(row.amount.value - value) > 1e-9 || Number.isNaN(value)) {
    return [`${at} is ${value}, but ${page}:${row.line} says ${row.amount.value}`];
  }
  return unit === undefined || unit === row.amount.of ? [] : [`${page}:${row.line}: ${name} needs a unit of ${unit}`];
}

function rowProblems(row: LimitRow, rows: readonly LimitRow[], numbers: readonly NamedNumber[]): string[] {
  const problems: string[] = [];
  if (row.name === '' || row.texts.includes('')) problems.push('the row has an empty cell');
  if (row.amount === undefined) problems.push('the default does not begin with a number');
  if (row.constants.length === 0) problems.push('the row names no constant');
  if (rows.some((it) => it.line < row.line && it.name === row.name)) problems.push(`there is another ${row.name}`);
  for (const { file, name } of row.constants) {
    if (!numbers.some((it) => it.file === file && it.name === name)) problems.push(`${file} has no number ${name}`);
    const listed = rows.flatMap((it) => it.constants).filter((it) => it.file === file && it.name === name);
    if (listed.length > 1) problems.push(`${name} of ${file} is in the table twice`);
  }
  return problems.map((problem) => `${page}:${row.line}: ${problem}`);
}

/** A row whose whole name is in code has the name under which its bound is published, and no other has. */
function publicationProblems(published: readonly PublishedBound[], rows: readonly LimitRow[]): string[] {
  const named = new Map(rows.flatMap((row) => (/^`[^`]+`$/.test(row.name) ? [[row.name.slice(1, -1), row.line]] : [])));
  return [
    ...published
      .filter(({ name }) => !named.has(name))
      .map(({ file, line, name }) => `${file}:${line}: ${name} is published, but no row of ${page} has that name`),
    ...[...named]
      .filter(([name]) => !published.some((it) => it.name === name))
      .map(([name, line]) => `${page}:${line}: nothing publishes that ${name} is nearly used up`),
  ];
}

function staleNames({ file, names }: NoLimit, numbers: readonly NamedNumber[]): string[] {
  return names
    .filter((name) => !numbers.some((number) => number.file === file && isIn(name, number.name)))
    .map((name) => `${file} has no number ${name}; take it off the list of those that are no limits`);
}

function covers({ file, names }: NoLimit, number: NamedNumber): boolean {
  return number.file === file && names.some((name) => isIn(name, number.name));
}

/** Whether a number is the one of this name, or somewhere in the object or array of this name. */
function isIn(name: string, number: string): boolean {
  return number.startsWith(name) && /^(?:$|[.[])/.test(number.slice(name.length));
}
