import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { HoldfastError } from '@holdfast/core';
import { expect, test } from 'vitest';
import { commitError, sqliteError } from './errors.ts';

function driverError(code: string | undefined, message = 'failed at /host/secret'): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

test.each([
  ['SQLITE_BUSY_SNAPSHOT', 'BUSY'],
  ['SQLITE_FULL', 'STORAGE_FULL'],
  ['SQLITE_READONLY', 'ACCESS_DENIED'],
  ['SQLITE_CANTOPEN', 'UNAVAILABLE'],
  ['SQLITE_NOTADB', 'CORRUPT'],
  ['SQLITE_IOERR_WRITE', 'BACKEND_FAILED'],
])('%s becomes %s, keeps its cause, and shows nothing of it', (result, code) => {
  const cause = driverError(result);
  const error = sqliteError(cause, 'not-applied');
  expect(error).toMatchObject({ code, outcome: 'not-applied', operation: undefined });
  expect(error.rawCause()).toBe(cause);
  expect(inspect(error) + JSON.stringify(error)).not.toContain('secret');
});

test('what better-sqlite3 refuses by itself is told by its message', () => {
  const refused = (message: string): string => sqliteError(new TypeError(message), 'not-applied').code;
  expect(refused('This database connection is busy executing a query')).toBe('BUSY');
  expect(refused('The database connection is not open')).toBe('CLOSED');
  expect(refused('Cannot open database because the directory does not exist')).toBe('UNAVAILABLE');
  expect(refused('something else')).toBe('BACKEND_FAILED');
});

test('what is no error at all is a failure too, and what is ours stays as it is', () => {
  expect(sqliteError('oops', 'unknown')).toMatchObject({ code: 'BACKEND_FAILED', outcome: 'unknown' });
  const ours = new HoldfastError('CLOSED', 'closed');
  expect(sqliteError(ours, 'unknown')).toBe(ours);
});

test.each([
  ['SQLITE_BUSY', 'not-applied'],
  ['SQLITE_FULL', 'not-applied'],
  ['SQLITE_IOERR_FSYNC', 'unknown'],
  ['SQLITE_IOERR_WRITE', 'unknown'],
  ['SQLITE_CORRUPT', 'unknown'],
  ['SQLITE_NEVER_HEARD_OF', 'unknown'],
  ['UNKNOWN_SQLITE_ERROR_5130', 'unknown'],
  [undefined, 'unknown'],
])('a commit that fails with %s is %s', (result, outcome) => {
  expect(commitError(driverError(result)).outcome).toBe(outcome);
});

test('an error of another realm is told as one of this', () => {
  const foreign = runInNewContext(`Object.assign(new Error('x'), { code: 'SQLITE_BUSY' })`) as Error;
  const error = sqliteError(foreign, 'not-applied');
  expect(error.code).toBe('BUSY');
  expect(error.rawCause()).toBe(foreign);
  expect(commitError(foreign).outcome).toBe('not-applied');
});
