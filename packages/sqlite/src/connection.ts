import { HoldfastError } from '@holdfast/core';
import { FileWatch, type LocksToLookAt, type SqlRow } from '@holdfast/sql';
import type { SqliteDatabase, SqliteStatement } from './database.ts';
import { sqliteError } from './errors.ts';
import { fileOf } from './pragmas.ts';
import type { RunnableQuery, TransactionConnection } from './run-groups.ts';
import { PreparedStatements } from './prepared-statements.ts';
import { beginTransaction, rollBackTransaction } from './transaction-ends.ts';

/** A connection, with the statements that were prepared on it. Everything here is synchronous. */
export class SqliteConnection implements TransactionConnection {
  readonly database: SqliteDatabase;
  readonly #owned: boolean;
  readonly #prepared: PreparedStatements;
  #watch: FileWatch | undefined;
  #closed = false;
  #file = '';
  /** Whether a transaction of ours is still open that could not be rolled back. */
  #leftOpen = false;
  /** The busy timeout of somebody else that could not be turned on again, in milliseconds. */
  #owedTimeoutMs = 0;

  constructor(database: SqliteDatabase, { owned }: { readonly owned: boolean }) {
    this.database = database;
    this.#prepared = new PreparedStatements(database);
    this.#owned = owned;
  }

  /** The file, as SQLite resolved it when it was watched; `''` in memory. */
  get file(): string {
    return this.#file;
  }

  /**
   * Looks out for another SQLite library in this process from now on, if there is a file. To be called once it was read.
   *
   * @throws HoldfastError `UNSUPPORTED` when there is one, now or later
   */
  watch(): void {
    this.#file = this.database.memory ? '' : fileOf(this.database);
    if (this.#file === '') return;
    this.#watch ??= FileWatch.start(this.#file, 'better-sqlite3');
    this.#watch.beforeTransaction();
  }

  /**
   * Checks what must be so in write-ahead mode of a file that is watched.
   *
   * @throws HoldfastError `UNSUPPORTED` when it has no memory that all share
   */
  checkShared(): void {
    this.#watch?.checkShared();
  }

  /**
   * Takes the write lock, in a transaction.
   *
   * @throws what the driver throws; HoldfastError as {@link watch}, in or outside of the transaction
   */
  begin(): void {
    this.#watch?.beforeTransaction();
    beginTransaction(this, 'begin immediate');
    this.#watch?.inTransaction();
  }

  /** Begins a transaction that reads, and takes no lock before it does. @throws what the driver throws */
  beginReading(): void {
    beginTransaction(this, 'begin');
  }

  /**
   * Ends a transaction of ours without a trace. Never throws.
   *
   * @returns whether nothing of it can land any more. It still could on a connection of somebody else that will not roll
   * back, since they may commit what they find open; one of ours is rolled back before anything else is done with it.
   */
  rollBack(): boolean {
    const isOver = rollBackTransaction(this);
    this.#leftOpen = this.#owned && !isOver;
    return isOver || this.#owned;
  }

  /**
   * Looks at the file before a transaction on another connection to it, of the same library on another thread.
   *
   * @returns what that has to look at, in place of {@link begin}
   * @throws HoldfastError as {@link begin}; `CLOSED`
   */
  beforeOthersTransaction(): LocksToLookAt | undefined {
    return this.withoutWaiting(() => {
      this.#watch?.beforeTransaction();
      return this.#watch?.locksToLookAt();
    });
  }

  /**
   * Answers for a transaction on another connection that has found its lock gone.
   *
   * @throws HoldfastError `UNSUPPORTED`, `BUSY`, `CLOSED`; all with outcome `'not-applied'`
   */
  lostOthersLock(): never {
    this.withoutWaiting(() => this.#watch?.lostLock());
    throw refusal('BUSY', 'the lock of the database was lost');
  }

  /**
   * Runs something that must not block: the driver's own wait for locks, which is synchronous, is off
   * meanwhile. Nothing of it happens inside a transaction of somebody else who uses the same connection: that
   * one could still be rolled back.
   *
   * @throws HoldfastError whatever fails, with outcome `'not-applied'` unless `work` said otherwise; `BUSY` also
   * when somebody else has a transaction open
   */
  exclusively<T>(work: () => T): T {
    return this.withoutWaiting(() => {
      if (this.#leftOpen) this.rollBack();
      const { inTransaction } = this.database;
      if (inTransaction) throw refusal('BUSY', 'a transaction is open on the connection to the database');
      return work();
    });
  }

  /**
   * Runs a part of a transaction of ours, which must not block either.
   *
   * @throws HoldfastError as {@link exclusively}, but not for an open transaction
   */
  withoutWaiting<T>(work: () => T): T {
    const { database } = this;
    if (this.#closed || !database.open) throw refusal('CLOSED', 'the connection to the database is closed');
    try {
      return this.#owned ? work() : this.#withoutBusyTimeout(work);
    } catch (error) {
      throw sqliteError(error, 'not-applied');
    }
  }

  /** Runs a read and gives all its rows. To be called within {@link exclusively}. */
  rows({ statement, values }: RunnableQuery): readonly SqlRow[] {
    this.#watch?.beforeRead();
    return this.prepare(statement.text).all(...values) as readonly SqlRow[];
  }

  /** The prepared form of a statement: made on first use, kept until the connection is closed. */
  prepare(text: string): SqliteStatement {
    return this.#prepared.get(text);
  }

  /** Closes the connection if it is ours, and lets go of its statements. */
  close(): void {
    this.#closed = true;
    this.#prepared.clear();
    const release = (): void => {
      if (this.#owned) this.database.close();
    };
    if (this.#watch === undefined) release();
    else this.#watch.close(release);
  }

  /** Turns off a busy timeout that belongs to somebody else, and on again before they can notice. */
  #withoutBusyTimeout<T>(work: () => T): T {
    const { database } = this;
    const before = Number(database.pragma('busy_timeout', { simple: true })) || this.#owedTimeoutMs;
    if (before === 0) return work();
    database.pragma('busy_timeout = 0');
    try {
      return work();
    } finally {
      this.#owedTimeoutMs = before;
      try {
        database.pragma(`busy_timeout = ${before}`);
        this.#owedTimeoutMs = 0;
      } catch {
        // The work is done all the same, and what became of it is what the caller has to hear. The next use tries again.
      }
    }
  }
}

function refusal(code: 'CLOSED' | 'BUSY', message: string): HoldfastError {
  return new HoldfastError(code, message, { outcome: 'not-applied' });
}
