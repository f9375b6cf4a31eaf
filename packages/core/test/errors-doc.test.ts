import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../src/errors/error-codes.ts';

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');

/** The cells of the table as they must be. The blanks around them are the formatter's business. */
function expectedTable(): string[][] {
  const rows = Object.entries(ERROR_CODES).map(([code, { raised, remedy, retryable, outcome }]) => [
    `\`${code}\``,
    raised,
    remedy,
    retryable ? 'yes' : 'no',
    `\`${outcome}\``,
  ]);
  const header = ['code', 'when it is raised', 'what to do', 'retryable', 'default outcome'];
  return [header, ...rows];
}

function cellsOf(line: string): string[] {
  return line
    .slice(1, line.lastIndexOf('|'))
    .split('|')
    .map((cell) => cell.trim());
}

test('the table of docs/errors.md is the table of the code, row by row', () => {
  const [header, _rule, ...rows] = page.split('\n').flatMap((line) => (line.startsWith('|') ? [cellsOf(line)] : []));
  expect([header, ...rows]).toEqual(expectedTable());
});

test('no text of the table breaks it', () => {
  for (const { raised, remedy } of Object.values(ERROR_CODES)) {
    for (const text of [raised, remedy]) expect(text).toMatch(/^[^|\n]+[.;]$/);
  }
});

test('every code has a row of the right form', () => {
  for (const [code, info] of Object.entries(ERROR_CODES)) {
    expect(code satisfies string as ErrorCode).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(Object.keys(info).toSorted()).toEqual(['outcome', 'raised', 'remedy', 'retryable']);
  }
});
