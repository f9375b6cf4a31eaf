import { HoldfastError, isHoldfastError, type ErrorCode, type Outcome } from '@holdfast/core';
import { isError, withReason } from '@holdfast/core/adapter';
import { sqliteVerdict, type ResultCodeVerdict } from '@holdfast/sql';
import { IN_USE } from './run-groups.ts';

const MESSAGES: Partial<Record<ErrorCode, string>> = {
  BUSY: 'another connection holds the database',
  STORAGE_FULL: 'the database has no room left',
  BODY_TOO_LARGE: 'the entry is larger than the database takes',
  ACCESS_DENIED: 'the database may not be written',
  UNAVAILABLE: 'the database cannot be opened',
  CORRUPT: 'the database file is damaged, or is no database',
  SCHEMA_UNSUPPORTED: 'the tables are missing, or are not those of this release',
  CLOSED: 'the connection to the database was closed',
};

/**
 * Makes whatever the driver threw an error of ours, without operation and path. The driver's message, which
 * may name files of the host, goes no further than `cause`.
 */
export function sqliteError(thrown: unknown, outcome: Outcome): HoldfastError {
  if (isHoldfastError(thrown)) return thrown;
  const { code } = verdictOn(thrown);
  return new HoldfastError(code, withReason(MESSAGES[code] ?? 'the database failed', thrown), {
    outcome,
    cause: thrown,
  });
}

/**
 * The error of a failed `COMMIT`, with what SQLite's result code tells of the transaction. A failed sync, above all,
 * may have left it complete in the write-ahead log, from which recovery would bring it back.
 */
export function commitError(thrown: unknown): HoldfastError {
  return sqliteError(thrown, verdictOn(thrown).outcome);
}

/** What better-sqlite3 refuses by itself has no code, and is refused before SQLite is asked. */
const REFUSALS: Readonly<Record<string, ErrorCode>> = {
  [IN_USE]: 'BUSY',
  'The database connection is not open': 'CLOSED',
  'Cannot open database because the directory does not exist': 'UNAVAILABLE',
};

function verdictOn(thrown: unknown): ResultCodeVerdict {
  if (!isError(thrown)) return { code: 'BACKEND_FAILED', outcome: 'unknown' };
  const { code } = thrown as { readonly code?: unknown };
  if (typeof code === 'string') return sqliteVerdict(code, thrown.message);
  const refusal = Object.hasOwn(REFUSALS, thrown.message) ? REFUSALS[thrown.message] : undefined;
  if (refusal === undefined) return { code: 'BACKEND_FAILED', outcome: 'unknown' };
  return { code: refusal, outcome: 'not-applied' };
}
