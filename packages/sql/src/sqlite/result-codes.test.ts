import { expect, test } from 'vitest';
import { isMissingTableMessage, sqliteVerdict } from './result-codes.ts';

const sqliteErrorCode = (resultCode: string | number, message: string) => sqliteVerdict(resultCode, message).code;

test.each([
  ['SQLITE_BUSY', 'BUSY'],
  ['SQLITE_BUSY_SNAPSHOT', 'BUSY'],
  ['SQLITE_BUSY_RECOVERY', 'BUSY'],
  ['SQLITE_BUSY_TIMEOUT', 'BUSY'],
  ['SQLITE_LOCKED', 'BUSY'],
  ['SQLITE_LOCKED_SHAREDCACHE', 'BUSY'],
  ['SQLITE_PROTOCOL', 'BUSY'],
  ['SQLITE_SCHEMA', 'BUSY'],
  ['SQLITE_FULL', 'STORAGE_FULL'],
  ['SQLITE_TOOBIG', 'BODY_TOO_LARGE'],
  ['SQLITE_READONLY', 'ACCESS_DENIED'],
  ['SQLITE_READONLY_DIRECTORY', 'ACCESS_DENIED'],
  ['SQLITE_READONLY_DBMOVED', 'UNAVAILABLE'],
  ['SQLITE_PERM', 'ACCESS_DENIED'],
  ['SQLITE_AUTH', 'ACCESS_DENIED'],
  ['SQLITE_CANTOPEN', 'UNAVAILABLE'],
  ['SQLITE_CANTOPEN_ISDIR', 'UNAVAILABLE'],
  ['SQLITE_CORRUPT', 'CORRUPT'],
  ['SQLITE_CORRUPT_INDEX', 'CORRUPT'],
  ['SQLITE_NOTADB', 'CORRUPT'],
  ['SQLITE_IOERR_CORRUPTFS', 'CORRUPT'],
  ['SQLITE_IOERR_DATA', 'CORRUPT'],
  ['SQLITE_IOERR', 'BACKEND_FAILED'],
  ['SQLITE_IOERR_FSYNC', 'BACKEND_FAILED'],
  ['SQLITE_NOMEM', 'BACKEND_FAILED'],
  ['SQLITE_CONSTRAINT_PRIMARYKEY', 'BACKEND_FAILED'],
  ['SQLITE_INTERRUPT', 'BACKEND_FAILED'],
  ['SQLITE_BUSYNESS', 'BACKEND_FAILED'],
  ['UNKNOWN_SQLITE_ERROR_773', 'BUSY'],
  ['UNKNOWN_SQLITE_ERROR_779', 'CORRUPT'],
  ['UNKNOWN_SQLITE_ERROR_1032', 'UNAVAILABLE'],
  ['UNKNOWN_SQLITE_ERROR_255', 'BACKEND_FAILED'],
  ['toString', 'BACKEND_FAILED'],
  [517, 'BUSY'],
  [8458, 'CORRUPT'],
  [255, 'BACKEND_FAILED'],
  ['', 'BACKEND_FAILED'],
])('%s is %s', (resultCode, code) => {
  expect(sqliteErrorCode(resultCode, 'whatever')).toBe(code);
});

test.each([
  ['SQLITE_IOERR_FSYNC', 'BACKEND_FAILED unknown'],
  ['UNKNOWN_SQLITE_ERROR_5130', 'BACKEND_FAILED unknown'],
  [7690, 'BACKEND_FAILED unknown'],
  ['SQLITE_READONLY_DIRECTORY', 'ACCESS_DENIED not-applied'],
  // Of a later release: what is known of its primary code, and no promise.
  ['SQLITE_READONLY_LATER', 'ACCESS_DENIED unknown'],
  ['UNKNOWN_SQLITE_ERROR_25608', 'ACCESS_DENIED unknown'],
  [25608, 'ACCESS_DENIED unknown'],
  ['SQLITE_IOERR_LATER', 'BACKEND_FAILED unknown'],
  // Whatever kept the lock, it was not had.
  ['SQLITE_BUSY_LATER', 'BUSY not-applied'],
  ['SQLITE_LATER', 'BACKEND_FAILED unknown'],
  ['UNKNOWN_SQLITE_ERROR_255', 'BACKEND_FAILED unknown'],
])('a commit that answers %s is %s', (resultCode, expected) => {
  const { code, outcome } = sqliteVerdict(resultCode, 'whatever');
  expect(`${code} ${outcome}`).toBe(expected);
});

test('only the message tells a schema that does not fit from a broken statement', () => {
  expect(sqliteErrorCode('SQLITE_ERROR', 'no such table: holdfast_entries')).toBe('SCHEMA_UNSUPPORTED');
  expect(sqliteErrorCode(1, 'no such table: holdfast_entries')).toBe('SCHEMA_UNSUPPORTED');
  expect(sqliteErrorCode('SQLITE_ERROR', 'no such column: "kind"')).toBe('SCHEMA_UNSUPPORTED');
  expect(sqliteErrorCode('SQLITE_ERROR', 'table holdfast_entries has no column named kind')).toBe('SCHEMA_UNSUPPORTED');
  expect(sqliteErrorCode('SQLITE_ERROR', 'table "holdfast_entries" already exists')).toBe('SCHEMA_UNSUPPORTED');
  expect(sqliteErrorCode('SQLITE_ERROR', 'near "selec": syntax error')).toBe('BACKEND_FAILED');
  expect(isMissingTableMessage('no such table: x')).toBe(true);
  expect(isMissingTableMessage('database is locked')).toBe(false);
});
