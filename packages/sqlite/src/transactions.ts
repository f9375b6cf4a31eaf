import type { ConditionalWrite, SqlQuery, SqlRow, WriteResult } from '@holdfast/sql';
import type { SqliteConnection } from './connection.ts';
import { commitError, sqliteError } from './errors.ts';

/**
 * Runs conditional writes in one transaction, one commit for all. It takes the write lock at the start:
 * a transaction that begins as a reader and wants it later fails at once, whatever the timeout, when another
 * connection wrote in between.
 *
 * @throws HoldfastError for all of them, with the outcome of all of them
 */
export function runWrites(connection: SqliteConnection, writes: readonly ConditionalWrite[]): WriteResult[] {
  try {
    connection.begin();
    const results = writes.map((write) => runWrite(connection, write));
    // Nothing to commit, and an end that cannot fail: what failed is known not to be applied.
    if (results.every((result) => 'error' in result || result.changed === 0)) rollBack(connection);
    else commit(connection);
    return results;
  } catch (error) {
    rollBack(connection);
    throw error;
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
    rollBack(connection);
  }
}

function runWrite(connection: SqliteConnection, { query }: ConditionalWrite): WriteResult {
  try {
    const { changes } = connection.prepare(query.statement.text).run(...query.values);
    return { changed: Number(changes) };
  } catch (thrown) {
    const error = sqliteError(thrown, 'not-applied');
    // A statement that fails is undone by itself; after a graver failure the whole transaction is gone.
    if (error.code === 'BUSY' || !connection.database.inTransaction) throw error;
    return { error };
  }
}

function commit(connection: SqliteConnection): void {
  try {
    connection.prepare('commit').run();
  } catch (error) {
    throw commitError(error);
  }
}

function rollBack(connection: SqliteConnection): void {
  if (!connection.database.inTransaction) return;
  try {
    connection.prepare('rollback').run();
  } catch {
    // Nothing was committed, which is all that the caller was told.
  }
}
