import type { ErrorCode } from '@holdfast/core';

// The first that fits counts, so what is more special comes first.
const CODES: readonly (readonly [name: string, code: ErrorCode])[] = [
  ['SQLITE_BUSY', 'BUSY'],
  ['SQLITE_LOCKED', 'BUSY'],
  // A race for the write-ahead log that SQLite itself gave up on.
  ['SQLITE_PROTOCOL', 'BUSY'],
  ['SQLITE_FULL', 'STORAGE_FULL'],
  ['SQLITE_TOOBIG', 'BODY_TOO_LARGE'],
  ['SQLITE_READONLY_DBMOVED', 'UNAVAILABLE'],
  ['SQLITE_READONLY', 'ACCESS_DENIED'],
  ['SQLITE_PERM', 'ACCESS_DENIED'],
  ['SQLITE_AUTH', 'ACCESS_DENIED'],
  ['SQLITE_IOERR_AUTH', 'ACCESS_DENIED'],
  ['SQLITE_CANTOPEN', 'UNAVAILABLE'],
  ['SQLITE_IOERR_VNODE', 'UNAVAILABLE'],
  ['SQLITE_CORRUPT', 'CORRUPT'],
  ['SQLITE_NOTADB', 'CORRUPT'],
  ['SQLITE_FORMAT', 'CORRUPT'],
  ['SQLITE_IOERR_CORRUPTFS', 'CORRUPT'],
  ['SQLITE_IOERR_DATA', 'CORRUPT'],
];

/**
 * The error code for what SQLite reports, for every adapter that has SQLite behind it. `BACKEND_FAILED` for
 * what has no better code, also for result codes of later releases.
 *
 * @param resultCode the name of a (preferably extended) result code, such as `SQLITE_BUSY_SNAPSHOT`
 * @param message SQLite's own message, which is all that tells a schema that does not fit from other errors
 */
export function sqliteErrorCode(resultCode: string, message: string): ErrorCode {
  if (resultCode === 'SQLITE_ERROR') return isSchemaMessage(message) ? 'SCHEMA_UNSUPPORTED' : 'BACKEND_FAILED';
  const found = CODES.find(([name]) => resultCode === name || resultCode.startsWith(`${name}_`));
  return found?.[1] ?? 'BACKEND_FAILED';
}

/** Whether a message of SQLite says that a table or one of its columns does not exist. */
export function isMissingTableMessage(message: string): boolean {
  return /\bno such (table|column)\b|\bhas no column named\b/.test(message);
}

function isSchemaMessage(message: string): boolean {
  return isMissingTableMessage(message) || /^(table|index) .* already exists$/.test(message);
}
