import type { SqliteDatabase, SqliteStatement } from './database.ts';

/** How often a rollback is tried: it fails for want of memory only, and nothing may use the connection before it is done. */
const ROLLBACK_ATTEMPTS = 3;

/** A connection whose statements are prepared once. */
interface Preparing {
  readonly database: Pick<SqliteDatabase, 'inTransaction'>;
  prepare(text: string): SqliteStatement;
}

/** Begins a transaction that can be ended whatever there is no more memory for. @throws what the driver throws */
export function beginTransaction(connection: Preparing, text: 'begin' | 'begin immediate'): void {
  connection.prepare('rollback');
  connection.prepare(text).run();
}

/** Ends a transaction without a trace, unless it has ended by itself, and says whether none is open. Never throws. */
export function rollBackTransaction(connection: Preparing): boolean {
  for (let attempt = 0; attempt < ROLLBACK_ATTEMPTS && connection.database.inTransaction; attempt += 1) {
    try {
      connection.prepare('rollback').run();
    } catch {
      // It may have been done all the same, which is looked at next.
    }
  }
  return !connection.database.inTransaction;
}
