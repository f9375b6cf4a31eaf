import type { ErrorCode, Outcome } from '@holdfast/core';

/** What a result code of SQLite means to us. */
export interface ResultCodeVerdict {
  readonly code: ErrorCode;
  /**
   * What is known of a transaction whose commit, or of a statement outside of a transaction, that answered this. A
   * statement within a transaction of ours that is rolled back afterwards is `'not-applied'`, whatever it answered.
   */
  readonly outcome: Outcome;
}

interface Row extends ResultCodeVerdict {
  readonly number: number;
}

/** An extended code is its primary one plus a multiple of this. */
export const EXTENDED_STEP = 256;

const NONE: Outcome = 'not-applied';

/** It cannot be told whether a commit got as far as the log or the journal, from which it would be recovered. */
const MAYBE: Outcome = 'unknown';

/**
 * Every result code of SQLite 3.54, primary and extended, by name. An extended code is the primary one of its last
 * eight bits, told more exactly. `MAYBE` is also for what no statement should answer: it tells of no commit.
 */
export const RESULT_CODES: Readonly<Record<string, Row>> = {
  ...family('SQLITE_OK', 0, 'BACKEND_FAILED', MAYBE, { LOAD_PERMANENTLY: 1, SYMLINK: 2 }),
  ...family('SQLITE_ERROR', 1, 'BACKEND_FAILED', NONE, {
    MISSING_COLLSEQ: 1,
    RETRY: 2,
    SNAPSHOT: 3,
    RESERVESIZE: 4,
    KEY: 5,
    UNABLE: 6,
  }),
  ...family('SQLITE_INTERNAL', 2, 'BACKEND_FAILED', MAYBE),
  ...family('SQLITE_PERM', 3, 'ACCESS_DENIED', NONE),
  ...family('SQLITE_ABORT', 4, 'BACKEND_FAILED', NONE, { ROLLBACK: 2 }),
  ...family('SQLITE_BUSY', 5, 'BUSY', NONE, { RECOVERY: 1, SNAPSHOT: 2, TIMEOUT: 3 }),
  ...family('SQLITE_LOCKED', 6, 'BUSY', NONE, { SHAREDCACHE: 1, VTAB: 2 }),
  ...family('SQLITE_NOMEM', 7, 'BACKEND_FAILED', MAYBE),
  ...family('SQLITE_READONLY', 8, 'ACCESS_DENIED', NONE, {
    RECOVERY: 1,
    CANTLOCK: 2,
    ROLLBACK: 3,
    DBMOVED: [4, 'UNAVAILABLE'],
    CANTINIT: 5,
    DIRECTORY: 6,
  }),
  ...family('SQLITE_INTERRUPT', 9, 'BACKEND_FAILED', NONE),
  ...family('SQLITE_IOERR', 10, 'BACKEND_FAILED', MAYBE, {
    READ: 1,
    SHORT_READ: 2,
    WRITE: 3,
    FSYNC: 4,
    DIR_FSYNC: 5,
    TRUNCATE: 6,
    FSTAT: 7,
    UNLOCK: 8,
    RDLOCK: 9,
    DELETE: 10,
    BLOCKED: 11,
    NOMEM: 12,
    ACCESS: 13,
    CHECKRESERVEDLOCK: 14,
    LOCK: 15,
    CLOSE: 16,
    DIR_CLOSE: 17,
    SHMOPEN: 18,
    SHMSIZE: 19,
    SHMLOCK: 20,
    SHMMAP: 21,
    SEEK: 22,
    DELETE_NOENT: 23,
    MMAP: 24,
    GETTEMPPATH: 25,
    CONVPATH: 26,
    VNODE: [27, 'UNAVAILABLE'],
    AUTH: [28, 'ACCESS_DENIED'],
    BEGIN_ATOMIC: 29,
    COMMIT_ATOMIC: 30,
    ROLLBACK_ATOMIC: 31,
    DATA: [32, 'CORRUPT'],
    CORRUPTFS: [33, 'CORRUPT'],
    IN_PAGE: 34,
    // Of a file that is encrypted, with another key.
    BADKEY: [35, 'CORRUPT'],
    CODEC: [36, 'CORRUPT'],
  }),
  ...family('SQLITE_CORRUPT', 11, 'CORRUPT', MAYBE, { VTAB: 1, SEQUENCE: 2, INDEX: 3 }),
  ...family('SQLITE_NOTFOUND', 12, 'BACKEND_FAILED', MAYBE),
  ...family('SQLITE_FULL', 13, 'STORAGE_FULL', NONE),
  ...family('SQLITE_CANTOPEN', 14, 'UNAVAILABLE', NONE, {
    NOTEMPDIR: 1,
    ISDIR: 2,
    FULLPATH: 3,
    CONVPATH: 4,
    DIRTYWAL: 5,
    SYMLINK: 6,
  }),
  // A race for the write-ahead log that SQLite itself gave up on.
  ...family('SQLITE_PROTOCOL', 15, 'BUSY', NONE),
  ...family('SQLITE_EMPTY', 16, 'BACKEND_FAILED', MAYBE),
  // Others change the schema, theirs or ours, faster than SQLite prepared the statement anew. It did not begin.
  ...family('SQLITE_SCHEMA', 17, 'BUSY', NONE),
  ...family('SQLITE_TOOBIG', 18, 'BODY_TOO_LARGE', NONE),
  ...family('SQLITE_CONSTRAINT', 19, 'BACKEND_FAILED', NONE, {
    CHECK: 1,
    COMMITHOOK: 2,
    FOREIGNKEY: 3,
    FUNCTION: 4,
    NOTNULL: 5,
    PRIMARYKEY: 6,
    TRIGGER: 7,
    UNIQUE: 8,
    VTAB: 9,
    ROWID: 10,
    PINNED: 11,
    DATATYPE: 12,
  }),
  ...family('SQLITE_MISMATCH', 20, 'BACKEND_FAILED', NONE),
  ...family('SQLITE_MISUSE', 21, 'BACKEND_FAILED', MAYBE),
  ...family('SQLITE_NOLFS', 22, 'BACKEND_FAILED', MAYBE),
  ...family('SQLITE_AUTH', 23, 'ACCESS_DENIED', NONE, { USER: 1 }),
  ...family('SQLITE_FORMAT', 24, 'CORRUPT', MAYBE),
  ...family('SQLITE_RANGE', 25, 'BACKEND_FAILED', NONE),
  ...family('SQLITE_NOTADB', 26, 'CORRUPT', NONE),
  ...family('SQLITE_NOTICE', 27, 'BACKEND_FAILED', MAYBE, { RECOVER_WAL: 1, RECOVER_ROLLBACK: 2, RBU: 3 }),
  ...family('SQLITE_WARNING', 28, 'BACKEND_FAILED', MAYBE, { AUTOINDEX: 1 }),
  ...family('SQLITE_ROW', 100, 'BACKEND_FAILED', MAYBE),
  ...family('SQLITE_DONE', 101, 'BACKEND_FAILED', MAYBE),
};

/** A primary code and its extended ones: by what stands in their second byte, with a code of their own if need be. */
function family(
  name: string,
  number: number,
  code: ErrorCode,
  outcome: Outcome,
  extended: Readonly<Record<string, number | readonly [number, ErrorCode]>> = {},
): Record<string, Row> {
  const rows: Record<string, Row> = { [name]: { number, code, outcome } };
  for (const [rest, row] of Object.entries(extended)) {
    const [high, own] = typeof row === 'number' ? [row, code] : row;
    rows[`${name}_${rest}`] = { number: number + high * EXTENDED_STEP, code: own, outcome };
  }
  return rows;
}
