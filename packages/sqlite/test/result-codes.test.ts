import { readFile } from 'node:fs/promises';
import { RESULT_CODES } from '@holdfast/sql';
import { expect, test } from 'vitest';

test('every result code that the SQLite of the driver knows has a verdict, under the number that it has there', async () => {
  const header = new URL('../deps/sqlite3/sqlite3.h', import.meta.resolve('better-sqlite3'));
  const known: Record<string, number> = {};
  // `#define SQLITE_BUSY 5 /* …` up to the flags for opening, and `#define SQLITE_BUSY_TIMEOUT (SQLITE_BUSY | (3<<8))`.
  const [codes = ''] = (await readFile(header, 'utf8')).split('#define SQLITE_OPEN_READONLY');
  for (const [, name = '', number] of codes.matchAll(/^#define (SQLITE_[A-Z]+) +(\d+) /gm))
    known[name] = Number(number);
  for (const [, name = '', base = '', high] of codes.matchAll(
    /^#define (SQLITE_\w+) +\((SQLITE_[A-Z]+) *\| *\((\d+)<<8\)\)/gm,
  )) {
    known[name] = (known[base] ?? Number.NaN) + Number(high) * 256;
  }
  expect(Object.keys(known).length).toBeGreaterThan(110);
  expect(Object.fromEntries(Object.entries(RESULT_CODES).map(([name, { number }]) => [name, number]))).toEqual(known);
});
