import { HoldfastError, isHoldfastError, type ErrorCode, type Outcome } from '@holdfast/core';
import { isError } from '@holdfast/core/adapter';
import { sqliteErrorCode } from '@holdfast/sql';

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
  const code = codeOf(thrown);
  return new HoldfastError(code, MESSAGES[code] ?? 'the database failed', { outcome, cause: thrown });
}

/**
 * The error of a failed `COMMIT`. Of a full disk and of a lock the transaction is known not to have survived.
 * Anything else, above all a failed sync, may have left it complete in the write-ahead log, from which recovery
 * would bring it back.
 */
export function commitError(thrown: unknown): HoldfastError {
  const code = codeOf(thrown);
  return sqliteError(thrown, code === 'BUSY' || code === 'STORAGE_FULL' ? 'not-applied' : 'unknown');
}

function codeOf(thrown: unknown): ErrorCode {
  if (!isError(thrown)) return 'BACKEND_FAILED';
  const { code } = thrown as { readonly code?: unknown };
  if (typeof code === 'string') return sqliteErrorCode(code, thrown.message);
  // What better-sqlite3 refuses by itself has no code.
  if (thrown.message === 'This database connection is busy executing a query') return 'BUSY';
  if (thrown.message === 'The database connection is not open') return 'CLOSED';
  if (thrown.message === 'Cannot open database because the directory does not exist') return 'UNAVAILABLE';
  return 'BACKEND_FAILED';
}
