import { HoldfastError } from '@holdfast/core';
import {
  onlyWriteOf,
  resultOfChecks,
  resultOfOne,
  versionIn,
  type GroupMember,
  type GroupResult,
  type SqlQuery,
  type SqlRow,
  type WriteGroup,
} from '@holdfast/sql';
import type { SqliteConnection } from './connection.ts';
import { commitError, sqliteError } from './errors.ts';

/**
 * Runs groups of writes in one transaction, one commit for all. It takes the write lock at the start: a transaction that
 * begins as a reader and wants it later fails at once, whatever the timeout, when another connection wrote in between. So
 * nobody else writes between the first look at an expectation and the commit.
 *
 * @throws HoldfastError for all of them, with the outcome of all of them
 */
export function runGroups(connection: SqliteConnection, groups: readonly WriteGroup[]): GroupResult[] {
  try {
    connection.begin();
    const results = groups.map((group) => runGroup(connection, group));
    // Nothing to commit, and an end that cannot fail: what failed is known not to be applied.
    if (results.every(changesNothing)) connection.rollBack();
    else commit(connection);
    return results;
  } catch (error) {
    if (connection.rollBack()) throw error;
    throw new HoldfastError('BACKEND_FAILED', 'a transaction could not be rolled back', {
      outcome: 'unknown',
      cause: error,
    });
  }
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
 * The places of the members of a group whose expectation does not hold.
 *
 * @param met how many of the first members are known to have held before they were written
 */
export function unmetOf(connection: SqliteConnection, group: WriteGroup, met = 0): number[] {
  return group.flatMap((member, place) => (place < met || holds(connection, member) ? [] : [place]));
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

function changesNothing(result: GroupResult): boolean {
  return !('changed' in result) || result.changed.every((changed) => changed === 0);
}

function runGroup(connection: SqliteConnection, group: WriteGroup): GroupResult {
  const only = onlyWriteOf(group);
  if (only === undefined) return runMembers(connection, group);
  return trying(connection, () => resultOfOne(only, change(connection, only.query)));
}

/** Runs a group of several. When one of them does not hold or fails, what the others did is undone, and nothing else. */
function runMembers(connection: SqliteConnection, group: WriteGroup): GroupResult {
  connection.prepare('savepoint members').run();
  const result = trying(connection, () => changeAll(connection, group));
  // Where this fails the whole transaction does.
  if (!('changed' in result)) connection.prepare('rollback to members').run();
  connection.prepare('release members').run();
  return result;
}

function changeAll(connection: SqliteConnection, group: WriteGroup): GroupResult {
  const changed: number[] = [];
  for (const member of group) {
    const isCheck = member.change === 'check';
    const rows = isCheck ? 0 : change(connection, member.query);
    // A write tells by its count. Only where nothing is written is there something to look at.
    const met = isCheck ? holds(connection, member) : rows > 0 || member.expects === undefined;
    if (!met) return { unmet: unmetOf(connection, group, changed.length) };
    changed.push(rows);
  }
  return { changed };
}

/** Does something of which a failure is undone by itself, unless it is so grave that the whole transaction is gone. */
function trying(connection: SqliteConnection, work: () => GroupResult): GroupResult {
  try {
    return work();
  } catch (thrown) {
    const error = sqliteError(thrown, 'not-applied');
    if (error.code === 'BUSY' || !connection.database.inTransaction) throw error;
    return { error };
  }
}

function change(connection: SqliteConnection, { statement, values }: SqlQuery): number {
  return Number(connection.prepare(statement.text).run(...values).changes);
}

function holds(connection: SqliteConnection, { expects }: GroupMember): boolean {
  return expects === undefined || versionIn(connection.rows(expects.query)) === expects.version;
}

function commit(connection: SqliteConnection): void {
  try {
    connection.prepare('commit').run();
  } catch (error) {
    throw commitError(error);
  }
}
