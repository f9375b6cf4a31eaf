import { posix } from 'node:path';
import { parseAmount, type Amount } from './amount.ts';

/** One row of the table of limits. */
export interface LimitRow {
  /** In the document, counted from 1. */
  readonly line: number;
  /** What it is called, without the links. */
  readonly name: string;
  /** The constants that the row is about; all have its value. */
  readonly constants: readonly { readonly file: string; readonly name: string }[];
  /** `undefined` when the cell does not begin with a number. */
  readonly amount: Amount | undefined;
  /** Where to change it, and why it is what it is. */
  readonly texts: readonly [change: string, why: string];
}

/** What the table begins with. */
const COLUMNS: readonly string[] = ['name', 'default', 'where to change it', 'why'];

const LINK = /\[`(?<name>[^`]+)`\]\((?<href>[^)#]+)\)/g;

/** The rows of the table of limits in a Markdown document, which is at `path`. */
export function limitRows(markdown: string, path: string): LimitRow[] {
  const lines = markdown.split('\n');
  const head = lines.findIndex((line) => cellsOf(line).join() === COLUMNS.join());
  if (head === -1) return [];
  const rows: LimitRow[] = [];
  for (let index = head + 2; lines[index]?.startsWith('|') === true; index += 1) {
    const [first = '', value = '', change = '', why = ''] = cellsOf(lines[index] ?? '');
    const constants = Array.from(first.matchAll(LINK), ({ groups }) => ({
      file: posix.join(posix.dirname(path), groups?.['href'] ?? ''),
      name: groups?.['name'] ?? '',
    }));
    const name = first.slice(0, first.search(LINK)).trim();
    rows.push({ line: index + 1, name, constants, amount: parseAmount(value), texts: [change, why] });
  }
  return rows;
}

function cellsOf(line: string): string[] {
  if (!line.startsWith('|')) return [];
  return line
    .slice(1, line.lastIndexOf('|'))
    .split('|')
    .map((cell) => cell.trim());
}
