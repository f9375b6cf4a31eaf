import { readHeldLocks, type SqlRow } from '@holdfast/sql/transaction';
import type { LocksToLookAt } from '@holdfast/sql';
import type { SqliteDatabase, SqliteStatement } from '../database.ts';
import { makeDurable } from '../make-durable.ts';
import type { RunnableQuery, TransactionConnection } from '../run-groups.ts';
import { PreparedStatements } from '../prepared-statements.ts';
import { beginTransaction, rollBackTransaction } from '../transaction-ends.ts';
import { LOCK_LOST } from './thread-messages.ts';

/** The connection of a thread that writes. The one that reads, on another thread, looks after the file for both. */
export class ThreadConnection implements TransactionConnection {
  readonly database: SqliteDatabase;
  readonly #prepared: PreparedStatements;
  #isDurable = false;
  #locks: LocksToLookAt | undefined;

  constructor(database: SqliteDatabase) {
    this.database = database;
    this.#prepared = new PreparedStatements(database);
  }

  /** Says which locks the next transaction has to look at. */
  lookAt(locks: LocksToLookAt | undefined): void {
    this.#locks = locks;
  }

  begin(): void {
    // Not when it is opened: it may find the database busy.
    if (!this.#isDurable) this.#makeDurable();
    // What could not be rolled back then: nothing else is done before.
    if (this.database.inTransaction) rollBackTransaction(this);
    beginTransaction(this, 'begin immediate');
    if (hasLost(this.#locks)) throw Object.assign(new Error('the lock is gone'), { code: LOCK_LOST });
  }

  /** What is still open is rolled back before anything else is done, and with the thread at the latest. */
  rollBack(): boolean {
    rollBackTransaction(this);
    return true;
  }

  rows({ statement, values }: RunnableQuery): readonly SqlRow[] {
    return this.prepare(statement.text).all(...values) as readonly SqlRow[];
  }

  prepare(text: string): SqliteStatement {
    return this.#prepared.get(text);
  }

  /** Writes back what is in the log, as far as nobody else is in the way: whoever closes the file last had to do it. */
  writeBack(): void {
    try {
      this.database.pragma('wal_checkpoint(passive)');
    } catch {
      // Whoever it is has it to do, then.
    }
  }

  close(): void {
    this.#prepared.clear();
    this.database.close();
  }

  #makeDurable(): void {
    if (makeDurable(this.database) !== 'wal') throw new Error('the database has no write-ahead log any more');
    this.#isDurable = true;
  }
}

/** Whether another library of the process has come since it was looked before, or has taken the lock along. */
function hasLost(locks: LocksToLookAt | undefined): boolean {
  const held = locks && readHeldLocks(locks.info);
  return held !== undefined && (!held.writing || (locks?.present === true && !held.present));
}
