import { HoldfastError, isHoldfastError, type ErrorCode } from '@holdfast/core';
import { isError, withReason } from '@holdfast/core/adapter';
import { connectFailure, isInvalidUrl } from './connect-failure.ts';

const MESSAGES: Partial<Record<ErrorCode, string>> = {
  BUSY: 'another transaction was in the way',
  STORAGE_FULL: 'the database has no room left',
  ACCESS_DENIED: 'the database refuses access; look at the password, and at the rights of the role on the schema',
  UNAVAILABLE: 'the database cannot be reached',
  SCHEMA_UNSUPPORTED: 'the tables are missing, or are not those of this release',
  TIMEOUT: 'the database ended the statement before it was done',
};

const READ_ONLY = '25006';

/** Where the code alone would tell the wrong thing. */
const MESSAGES_BY_STATE: Readonly<Record<string, string>> = {
  [READ_ONLY]: 'the database takes no writes: it is a standby, or read-only for this role or connection',
};

// By SQLSTATE, or by its class: the first two characters. What is more special comes first.
const CODES: readonly (readonly [state: string, code: ErrorCode])[] = [
  ['40001', 'BUSY'],
  ['40P01', 'BUSY'],
  ['55P03', 'BUSY'],
  ['57014', 'TIMEOUT'],
  ['25P03', 'TIMEOUT'],
  ['25P04', 'TIMEOUT'],
  // Somebody else put the connection back in the middle of a transaction that had failed.
  ['25P02', 'BUSY'],
  ['53100', 'STORAGE_FULL'],
  ['53300', 'UNAVAILABLE'],
  // A standby, or a server that was one a moment ago.
  [READ_ONLY, 'UNAVAILABLE'],
  ['42501', 'ACCESS_DENIED'],
  ['42P01', 'SCHEMA_UNSUPPORTED'],
  ['42703', 'SCHEMA_UNSUPPORTED'],
  ['42P07', 'SCHEMA_UNSUPPORTED'],
  ['42P10', 'SCHEMA_UNSUPPORTED'],
  ['3F000', 'SCHEMA_UNSUPPORTED'],
  ['28', 'ACCESS_DENIED'],
  ['08', 'UNAVAILABLE'],
  ['57', 'UNAVAILABLE'],
  ['3D', 'UNAVAILABLE'],
];

/**
 * The classes of SQLSTATE with which the server refuses one statement and goes on: the transaction of the
 * statement is rolled back. Of no other error is that believed. Above all, what ends the connection (`57P01`, and
 * of class 25 the timeouts `25P03` and `25P04`) may also come when the commit is done and only its answer is missing.
 */
const REFUSED = /^(?:0A|21|22|23|25(?!P0[34])|26|28|2F|34|3D|3F|40|42|44|53|54|55|P0)|^57014$/;
const NOT_REFUSED = '40003'; // statement_completion_unknown

/** What the server remembers of a connection's prepared statements is not what the driver remembers. */
const STALE_STATEMENTS: ReadonlySet<string> = new Set(['26000', '42P05']);

/**
 * Of a statement that was prepared: its table has changed, and the next connection prepares it anew. Of any other: the
 * server cannot do it, and on the next connection neither.
 */
const STALE_PLAN = '0A000';

/**
 * Refusals after which the next connection may do better: those above, `25006` (the address may belong to another
 * server by now) and `25P02`.
 */
const RECONNECT: ReadonlySet<string> = new Set([...STALE_STATEMENTS, READ_ONLY, '25P02']);

/**
 * Makes an error of a statement that was sent an error of ours, without operation and path. The server's
 * message, which may quote values, goes no further than `cause`.
 */
export function statementError(thrown: unknown): HoldfastError {
  if (isHoldfastError(thrown)) return thrown;
  const state = sqlState(thrown);
  // Without one it is the connection that failed, and with it the answer.
  const code = state === undefined ? 'UNAVAILABLE' : codeOf(state);
  const refused = state !== undefined && REFUSED.test(state) && state !== NOT_REFUSED;
  return make(code, thrown, refused ? 'not-applied' : 'unknown', state);
}

/**
 * Makes what pg throws at once, instead of trying to connect, an error of ours: it looks at most of a configuration
 * only now.
 */
export function configError(thrown: unknown): HoldfastError {
  const nonsense = isError(thrown) && (thrown.name === 'TypeError' || thrown.name === 'RangeError');
  if (!nonsense || connectFailure(thrown, undefined) !== undefined) return connectError(thrown);
  const outcome = 'not-applied';
  return new HoldfastError('INVALID_ARGUMENT', 'config is not one that pg can connect with', {
    outcome,
    cause: thrown,
  });
}

/** Makes an error of connecting an error of ours. Nothing was sent. */
export function connectError(thrown: unknown): HoldfastError {
  if (isHoldfastError(thrown)) return thrown;
  const state = sqlState(thrown);
  const failure = connectFailure(thrown, state);
  if (failure !== undefined) {
    const [code, message] = failure;
    // Of a connection string that pg cannot take apart, the error holds the whole of it, password and all.
    const cause = isInvalidUrl(thrown) ? {} : { cause: thrown };
    return new HoldfastError(code, withReason(message, cause.cause), { outcome: 'not-applied', ...cause });
  }
  const code = state === undefined ? 'UNAVAILABLE' : codeOf(state);
  return make(code === 'BACKEND_FAILED' ? 'UNAVAILABLE' : code, thrown, 'not-applied', state);
}

/** Whether the server has refused a statement, which is not applied, and is there for the next. */
export function isRefusal(error: HoldfastError): boolean {
  return error.outcome === 'not-applied' && sqlState(error.rawCause()) !== undefined;
}

/** Whether a connection on which this happened may be used again, after a statement that was prepared by name or not. */
export function leavesConnectionUsable(thrown: unknown, { prepared }: { readonly prepared: boolean }): boolean {
  const state = sqlState(thrown);
  if (state === undefined || !REFUSED.test(state)) return false;
  return !RECONNECT.has(state) && !(prepared && state === STALE_PLAN);
}

function make(code: ErrorCode, cause: unknown, outcome: 'not-applied' | 'unknown', state?: string): HoldfastError {
  const stale = state !== undefined && STALE_STATEMENTS.has(state);
  const message = stale
    ? 'the connection lost its prepared statements; behind a proxy, open with preparedStatements: false'
    : (MESSAGES_BY_STATE[state ?? ''] ?? MESSAGES[code] ?? 'the database failed');
  return new HoldfastError(code, withReason(message, cause), { outcome, cause });
}

function codeOf(state: string): ErrorCode {
  return CODES.find(([start]) => state.startsWith(start))?.[1] ?? 'BACKEND_FAILED';
}

/** The SQLSTATE of an error that the server sent. */
/** The SQLSTATE of what pg throws for an answer of the server; `undefined` for everything else. */
export function sqlState(thrown: unknown): string | undefined {
  if (!isError(thrown) || !('severity' in thrown)) return undefined;
  const { code } = thrown as { readonly code?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
