import { HoldfastError } from '@holdfast/core';
import { resultOfChecks, type GroupResult, type SqlQuery, type SqlRow, type WriteGroup } from '@holdfast/sql';
import type { SqliteConnection } from './connection.ts';
import { commitError, sqliteError } from './errors.ts';
import { unmetOf, type GroupEnd, type TransactionEnd } from './run-groups.ts';

/**
 * The results of groups that were run in one transaction.
 *
 * @throws HoldfastError for all of them, with the outcome of all of them
 */
export function resultsOf(end: TransactionEnd): GroupResult[] {
  if ('groups' in end) return end.groups.map(resultOf);
  if (!end.isOver) {
    throw new HoldfastError('BACKEND_FAILED', 'a transaction could not be rolled back', {
      outcome: 'unknown',
      cause: end.thrown,
    });
  }
  throw end.inCommit ? commitError(end.thrown) : sqliteError(end.thrown, 'not-applied');
}

/**
 * Looks at the expectations of groups that write nothing, all in one transaction that reads: it takes no write lock, and what
 * others commit meanwhile it does not see.
 *
 * @throws `BUSY` when another connection keeps readers out
 */
export function runChecks(connection: SqliteConnection, groups: readonly WriteGroup[]): GroupResult[] {
  try {
    connection.beginReading();
    return groups.map((group) => resultOfChecks(group, unmetOf(connection, group)));
  } finally {
    connection.rollBack();
  }
}

/**
 * Runs a read while no other connection writes, and lets go of the lock at once.
 *
 * @throws `BUSY` when another connection has the lock
 */
export function readUnderWriteLock(connection: SqliteConnection, query: SqlQuery): readonly SqlRow[] {
  try {
    connection.begin();
    return connection.rows(query);
  } finally {
    connection.rollBack();
  }
}

function resultOf(end: GroupEnd): GroupResult {
  return 'thrown' in end ? { error: sqliteError(end.thrown, 'not-applied') } : end;
}
