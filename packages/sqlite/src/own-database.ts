import { HoldfastError } from '@holdfast/core';
import { NO_DEADLINE } from '@holdfast/sql';
import { binaryError } from './binary-error.ts';
import { retryWhileBusy } from './busy-retry.ts';
import type { SqlitePromises } from './capabilities.ts';
import type { SqliteDatabase, SqliteDatabaseConstructor } from './database.ts';
import { sqliteError } from './errors.ts';
import { makeDurable } from './make-durable.ts';
import { ask, sqliteVersion } from './pragmas.ts';
import { checkEncoding } from './supplied-database.ts';
import { hasWalResetBug } from './wal-reset.ts';

/**
 * Opens a file, or a database in memory. The driver's own wait for locks, which blocks, is off. Nothing is
 * written, but for the empty file when it may be created.
 *
 * @throws HoldfastError `UNAVAILABLE`, also when the driver has no binary for this machine; `CORRUPT`, `ACCESS_DENIED`
 */
export function openDatabase(
  Database: SqliteDatabaseConstructor,
  file: string,
  { create }: { readonly create: boolean },
): SqliteDatabase {
  try {
    return new Database(file, { timeout: 0, fileMustExist: !create && file !== ':memory:' });
  } catch (error) {
    throw binaryError(error) ?? sqliteError(error, 'not-applied');
  }
}

/**
 * Checks what cannot be changed about a database, and changes nothing.
 *
 * @throws HoldfastError `UNSUPPORTED` when the driver or the encoding cannot keep what we promise; `BUSY`;
 * `CORRUPT`
 */
export async function checkDatabase(database: SqliteDatabase, busyTimeoutMs: number): Promise<void> {
  await retryWhileBusy({ run: () => guarded(() => check(database)) }, { busyTimeoutMs, context: NO_DEADLINE });
}

function check(database: SqliteDatabase): void {
  if (!database.memory && hasWalResetBug(sqliteVersion(database))) {
    throw unsupported('the SQLite of this driver can damage shared databases; update better-sqlite3');
  }
  checkEncoding(String(ask(database, 'encoding')));
}

/**
 * Makes a database of ours as durable and as shareable as it can be: write-ahead log, a sync for each commit,
 * on macOS one that reaches the medium.
 *
 * @throws HoldfastError `UNSUPPORTED` when the file system cannot keep what we promise; `BUSY`
 */
export async function configureDatabase(database: SqliteDatabase, busyTimeoutMs: number): Promise<SqlitePromises> {
  if (database.memory) return { durability: 'none', sharing: 'instance' };
  const mode = await retryWhileBusy(
    { run: () => guarded(() => makeDurable(database)) },
    { busyTimeoutMs, context: NO_DEADLINE },
  );
  if (mode !== 'wal') throw unsupported('the file system of the database does not support a write-ahead log');
  return { durability: 'power-loss', sharing: 'host' };
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw sqliteError(error, 'not-applied');
  }
}

function unsupported(message: string): HoldfastError {
  return new HoldfastError('UNSUPPORTED', message, { operation: 'open', capability: 'sharing' });
}
