import { HoldfastError } from '@holdfast/core';
import type { SqlQuery, SqlRow, SqlStatement } from '@holdfast/sql';
import type { SqliteDatabase, SqliteStatement } from './database.ts';
import { sqliteError } from './errors.ts';

/** A connection, with the statements that were prepared on it. Everything here is synchronous. */
export class SqliteConnection {
  readonly database: SqliteDatabase;
  readonly #owned: boolean;
  readonly #prepared = new Map<string, SqliteStatement>();
  #closed = false;

  constructor(database: SqliteDatabase, { owned }: { readonly owned: boolean }) {
    this.database = database;
    this.#owned = owned;
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
      return this.#owned ? work() : withoutBusyTimeout(database, work);
    } catch (error) {
      throw sqliteError(error, 'not-applied');
    }
  }

  /** Runs a read and gives all its rows. To be called within {@link exclusively}. */
  rows({ statement, values }: SqlQuery): readonly SqlRow[] {
    return this.prepare(statement.text).all(...values) as readonly SqlRow[];
  }

  /** The prepared form of a statement: made on first use, kept until the connection is closed. */
  prepare(text: SqlStatement['text']): SqliteStatement {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    const made = this.database.prepare(text);
    this.#prepared.set(text, made);
    return made;
  }

  /** Closes the connection if it is ours, and lets go of its statements. */
  close(): void {
    this.#closed = true;
    this.#prepared.clear();
    if (this.#owned) this.database.close();
  }
}

function refusal(code: 'CLOSED' | 'BUSY', message: string): HoldfastError {
  return new HoldfastError(code, message, { outcome: 'not-applied' });
}

/** Turns off a busy timeout that belongs to somebody else, and on again before they can notice. */
function withoutBusyTimeout<T>(database: SqliteDatabase, work: () => T): T {
  const before = Number(database.pragma('busy_timeout', { simple: true }));
  if (before === 0) return work();
  database.pragma('busy_timeout = 0');
  try {
    return work();
  } finally {
    database.pragma(`busy_timeout = ${before}`);
  }
}
