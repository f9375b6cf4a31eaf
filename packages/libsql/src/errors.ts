import { HoldfastError, isHoldfastError, type ErrorCode, type Outcome } from '@holdfast/core';
import { isError, withReason } from '@holdfast/core/adapter';
import { sqliteVerdict } from '@holdfast/sql';
import { socketFailure, statusFailure } from './network-failures.ts';

/** What an error of the driver means, and all that is told about it where the code alone would not tell enough. */
export type Failure = readonly [code: ErrorCode, outcome: Outcome, message?: string | undefined];

const MESSAGES: Partial<Record<ErrorCode, string>> = {
  BUSY: 'another connection holds the database',
  STORAGE_FULL: 'the database has no room left',
  BODY_TOO_LARGE: 'the entry, or the answer, is larger than the database takes',
  ACCESS_DENIED: 'the database refuses access',
  UNAVAILABLE: 'the database cannot be reached',
  CORRUPT: 'the database file is damaged, is no database, or is encrypted with another key',
  SCHEMA_UNSUPPORTED: 'the tables are missing, or are not those of this release',
  CLOSED: 'the client was closed',
  INVALID_ARGUMENT: 'config is not one that the driver takes',
};

/** The codes of the client and of the server that are not SQLite's. After all of them nothing was applied. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  // Of a server that has rolled back a transaction, or lets nobody begin one.
  TRANSACTION_TIMEOUT: 'BUSY',
  TRANSACTION_BUSY: 'BUSY',
  TRANSACTION_CLOSED: 'BUSY',
  STREAM_EXPIRED: 'BUSY',
  // Of a client whose only connection is in a transaction of its owner.
  TRANSACTION_ACTIVE: 'BUSY',
  CLIENT_CLOSED: 'CLOSED',
  BLOCKED: 'ACCESS_DENIED',
  SQL_PARSE_ERROR: 'BACKEND_FAILED',
  SQL_NO_STATEMENT: 'BACKEND_FAILED',
  SQL_MANY_STATEMENTS: 'BACKEND_FAILED',
  URL_INVALID: 'INVALID_ARGUMENT',
  URL_SCHEME_NOT_SUPPORTED: 'INVALID_ARGUMENT',
  URL_PARAM_NOT_SUPPORTED: 'INVALID_ARGUMENT',
  ENCRYPTION_KEY_NOT_SUPPORTED: 'INVALID_ARGUMENT',
  WEBSOCKETS_NOT_SUPPORTED: 'INVALID_ARGUMENT',
};

/**
 * Makes whatever the driver threw an error of ours, without operation and path. The driver's message, which may
 * have hosts and tokens in it, goes no further than `cause`.
 *
 * @param known the outcome, where it does not depend on what was thrown
 */
export function libsqlError(thrown: unknown, known?: Outcome): HoldfastError {
  if (isHoldfastError(thrown)) return thrown;
  const [code, told, message = withReason(MESSAGES[code] ?? 'the database failed', thrown)] = failureOf(thrown);
  return new HoldfastError(code, message, { outcome: known ?? told, cause: thrown });
}

function failureOf(thrown: unknown): Failure {
  if (!isError(thrown)) return ['BACKEND_FAILED', 'unknown'];
  const { code, extendedCode, rawCode } = thrown as Partial<Record<'code' | 'extendedCode' | 'rawCode', unknown>>;
  if (typeof code === 'string' && code !== '') {
    // The number is SQLite's own; the driver has no names for many of them.
    const named = typeof extendedCode === 'string' ? extendedCode : code;
    return codedFailure(thrown, code, typeof rawCode === 'number' ? rawCode : named);
  }
  // What the native part throws while it opens a file has an empty code.
  if (thrown.message.startsWith('ConnectionFailed(')) return ['UNAVAILABLE', 'not-applied'];
  return socketFailure(thrown) ?? ['BACKEND_FAILED', 'unknown'];
}

function codedFailure(error: Error, code: string, resultCode: string | number): Failure {
  const known = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  if (known !== undefined) return [known, 'not-applied', aboutUrl(error)];
  if (code.startsWith('AUTH_')) return ['ACCESS_DENIED', 'not-applied'];
  if (code === 'ARGS_INVALID') return [isTooBig(error) ? 'BODY_TOO_LARGE' : 'BACKEND_FAILED', 'not-applied'];
  if (code === 'RESPONSE_TOO_LARGE') return ['BODY_TOO_LARGE', 'unknown'];
  if (code === 'SERVER_ERROR') return statusFailure(error);
  if (code.startsWith('SQLITE_') || code === 'SQL_INPUT_ERROR') return sqliteFailure(error, resultCode);
  return socketFailure(error) ?? closedFailure(error) ?? ['BACKEND_FAILED', 'unknown'];
}

/** What to tell of a URL that the driver does not take; `undefined` of anything else. */
export function aboutUrl(error: unknown): string | undefined {
  const { code } = (isError(error) ? error : {}) as { readonly code?: unknown };
  const isAboutUrl = typeof code === 'string' && /^(URL_|ERR_INVALID_URL$)/.test(code);
  return isAboutUrl ? withReason('config.url is not one that the driver takes', error) : undefined;
}

function sqliteFailure(error: Error, resultCode: string | number): Failure {
  // What SQLite says has words of the client and of the server around it.
  const message = error.message
    .replace(/^([A-Z_]+: )*(SQL(ite| input) error: )?/, '')
    .replace(/ \(at offset \d+\)$/, '');
  const unnamed = resultCode === 'SQLITE_UNKNOWN';
  const ordinary = unnamed || resultCode === 'SQL_INPUT_ERROR';
  const { code, outcome } = sqliteVerdict(ordinary ? 'SQLITE_ERROR' : resultCode, message);
  // A server has this name for whatever it has no other for.
  return [code, unnamed && code !== 'SCHEMA_UNSUPPORTED' ? 'unknown' : outcome];
}

/** A client for HTTP or WebSockets that was closed tells so in its message only. */
function closedFailure({ cause }: Error): Failure | undefined {
  if (!isError(cause)) return undefined;
  // Of a request that was under way over a WebSocket; so is one of "was closed".
  if (cause.message.endsWith('was manually closed')) return ['UNAVAILABLE', 'unknown'];
  if (cause.name !== 'ClosedError') return undefined;
  return /^(Client|Stream) is clos/.test(cause.message) ? ['CLOSED', 'not-applied'] : ['UNAVAILABLE', 'unknown'];
}

function isTooBig({ message }: Error): boolean {
  return message.includes('too big');
}
