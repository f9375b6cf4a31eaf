import { HoldfastError, type RootFilesystem } from '@holdfast/core';
import { restated } from '@holdfast/core/adapter';
import {
  checkSchema,
  checkWritable,
  FileWatch,
  getsStatement,
  migrate,
  migrationKysely,
  NO_DEADLINE,
  SqlFilesystem,
  sqliteProfile,
  unopenedFile,
  type BatchLimits,
} from '@holdfast/sql';
import type { Worker } from 'node:worker_threads';
import type { BatchWriter } from './batch-writer.ts';
import { retryWhileBusy } from './busy-retry.ts';
import { sqliteCapabilities, type SqliteCapabilities, type SqlitePromises } from './capabilities.ts';
import { SqliteConnection } from './connection.ts';
import type { SqliteDatabase, SqliteDatabaseConstructor } from './database.ts';
import { SqliteDriver } from './driver.ts';
import { sqliteError } from './errors.ts';
import { loadDriver } from './load-driver.ts';
import { SqliteMigrationConnection } from './migration-connection.ts';
import { parseOptions, type ParsedOptions, type SqliteOptions } from './options.ts';
import { checkDatabase, configureDatabase, openDatabase } from './own-database.ts';
import { readFacts } from './pragmas.ts';
import { promisesOf } from './supplied-database.ts';
import { driverFile } from './thread/driver-file.ts';
import { startWorker } from './start-worker.ts';
import { ThreadWriter } from './thread/thread-writer.ts';

/**
 * A batch runs on the event loop, and nothing else meanwhile: as many writes as fit a few milliseconds, beside the sync.
 * The next waits for the lock with it, so there is one at a time.
 */
const BATCHES: BatchLimits = { atOnce: 1, maxGroups: 256, maxChanges: 1000, maxBytes: 1024 * 1024 };

/** A filesystem in a SQLite database. */
export type SqliteFilesystem = RootFilesystem<SqliteCapabilities>;

/**
 * Opens a filesystem in a SQLite database: in a file, in memory, or on a connection that the caller has.
 *
 * A file is opened in write-ahead mode with a sync for each commit, so an acknowledged write survives a power
 * cut, and any number of processes of the host may use it. On a connection of the caller the capabilities say
 * what its pragmas allow, as they are now; `close` leaves it open. The call never blocks the event loop to wait
 * for a lock.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` before anything is touched, also for a directory that does not exist, or a file
 * that may not be created; `ACCESS_DENIED` when the file or its directory may not be written, or Node's permission model
 * keeps the driver from being loaded; `UNSUPPORTED` when the driver or its binary is missing, when another SQLite library
 * of this process has the file open, or when the driver, the file system or the pragmas of a supplied connection cannot
 * keep what is promised; `UNAVAILABLE` when the file cannot be opened
 * for another reason, which may pass; `SCHEMA_UNSUPPORTED`; `CORRUPT`, `STORAGE_FULL`; `BUSY` when locks were held for
 * longer than `busyTimeoutMs`
 */
export async function openSqlite(options: SqliteOptions): Promise<SqliteFilesystem> {
  try {
    const parsed = parseOptions(options);
    return 'file' in parsed.source
      ? await openOwn(parsed.source.file, parsed)
      : await openSupplied(parsed.source.database, parsed);
  } catch (thrown) {
    throw opening(thrown);
  }
}

async function openOwn(file: string, options: ParsedOptions): Promise<SqliteFilesystem> {
  const Database = await loadDriver();
  try {
    return await openFile(Database, file, options);
  } catch (thrown) {
    const error = sqliteError(thrown, 'not-applied');
    throw file === ':memory:' ? error : unopenedFile(error, file, { create: options.migrate === 'auto' });
  }
}

async function openFile(
  Database: SqliteDatabaseConstructor,
  file: string,
  options: ParsedOptions,
): Promise<SqliteFilesystem> {
  const { busyTimeoutMs, migrate: mode } = options;
  if (file !== ':memory:') {
    FileWatch.checkBefore(file, 'better-sqlite3');
    checkWritable(file);
  }
  const database = openDatabase(Database, file, { create: mode === 'auto' });
  const connection = new SqliteConnection(database, { owned: true });
  try {
    await checkDatabase(database, busyTimeoutMs);
    await watch(connection, busyTimeoutMs);
    // Before the journal is changed: a database that is refused stays as it is.
    await checkSchema(migrationOf(connection, options));
    const promises = await configureDatabase(database, busyTimeoutMs);
    connection.checkShared();
    return await openOn(connection, promises, options, () => startWriter(Database, connection));
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** A thread that writes to the file of a connection. */
async function startWriter(Database: SqliteDatabaseConstructor, connection: SqliteConnection): Promise<BatchWriter> {
  const start = (): Worker => {
    const driver = driverFile(Database);
    if (driver === undefined) throw new Error('it is not known where the driver was loaded from');
    return startWorker({ file: connection.file, driver });
  };
  const writer = new ThreadWriter({ connection, start });
  await writer.ready();
  return writer;
}

async function openSupplied(database: SqliteDatabase, options: ParsedOptions): Promise<SqliteFilesystem> {
  if (!database.open || database.readonly) {
    throw new HoldfastError('INVALID_ARGUMENT', 'database must be open and writable');
  }
  const connection = new SqliteConnection(database, { owned: false });
  const facts = await retryWhileBusy(
    { run: () => connection.exclusively(() => readFacts(database)) },
    { busyTimeoutMs: options.busyTimeoutMs, context: NO_DEADLINE },
  );
  try {
    await watch(connection, options.busyTimeoutMs);
    if (facts.journalMode === 'wal' && !facts.exclusiveLocking) connection.checkShared();
    return await openOn(connection, promisesOf(facts), options);
  } catch (error) {
    connection.close();
    throw error;
  }
}

async function openOn(
  connection: SqliteConnection,
  promises: SqlitePromises,
  options: ParsedOptions,
  startThread?: () => Promise<BatchWriter>,
): Promise<SqliteFilesystem> {
  const { tables, maxBodyBytes, busyTimeoutMs, writes } = options;
  await migrate(migrationOf(connection, options));
  const writer = writes === 'thread' ? await startThread?.() : undefined;
  return new SqlFilesystem({
    capabilities: sqliteCapabilities(promises, maxBodyBytes),
    profile: sqliteProfile,
    tables,
    driver: new SqliteDriver({
      connection,
      writer,
      busyTimeoutMs,
      getsStatement: getsStatement(sqliteProfile, tables),
    }),
    batches: BATCHES,
    store: storeOf(connection, tables),
  });
}

function migrationOf(connection: SqliteConnection, { tables, migrate: mode, busyTimeoutMs }: ParsedOptions) {
  const db = migrationKysely(sqliteProfile, new SqliteMigrationConnection(connection, busyTimeoutMs));
  return { db, profile: sqliteProfile, tables, mode };
}

/** Asks for the file of a connection, which finds it locked now and then while others open it, and watches it. */
function watch(connection: SqliteConnection, busyTimeoutMs: number): Promise<void> {
  const run = (): void => connection.withoutWaiting(() => connection.watch());
  return retryWhileBusy({ run }, { busyTimeoutMs, context: NO_DEADLINE });
}

/** A name for a table in a file: the same for all connections to it. In memory, every database is one of its own. */
function storeOf({ file }: SqliteConnection, { entries }: ParsedOptions['tables']): string | undefined {
  return file === '' ? undefined : `${file}\0${entries}`;
}

function opening(thrown: unknown): HoldfastError {
  return restated(sqliteError(thrown, 'not-applied'), { operation: 'open' });
}
