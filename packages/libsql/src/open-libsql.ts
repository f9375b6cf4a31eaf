import { HoldfastError, type RootFilesystem } from '@holdfast/core';
import { restated, type OperationContext } from '@holdfast/core/adapter';
import {
  checkSchema,
  migrate,
  migrationKysely,
  NO_DEADLINE,
  OpenDeadline,
  fragileSqliteProfile,
  unopenedFile,
  type MigrateOptions,
} from '@holdfast/sql';
import { FILE_BATCHES, SERVER_BATCHES } from './batches.ts';
import { libsqlCapabilities, SERVER_PROMISES, type LibsqlCapabilities, type LibsqlPromises } from './capabilities.ts';
import type { LibsqlClient, LibsqlConfig } from './client.ts';
import type { LibsqlConnection } from './connection.ts';
import { LibsqlDriver } from './driver.ts';
import { libsqlError } from './errors.ts';
import { statusOf } from './network-failures.ts';
import { FileConnection } from './file-connection.ts';
import { LibsqlSqlFilesystem } from './libsql-filesystem.ts';
import { loadDriver } from './load-driver.ts';
import { LibsqlMigrationConnection } from './migration-connection.ts';
import { mainFile, openFile, promisesOfFile, useWriteAheadLog } from './open-file.ts';
import { checkServer, connectThrough, connectToServer } from './open-server.ts';
import {
  DEFAULT_CONCURRENCY,
  DEFAULT_MAX_BODY_BYTES,
  DEFAULT_SERVER_MAX_BODY_BYTES,
  parseOptions,
  type LibsqlOptions,
  type ParsedOptions,
} from './options.ts';
import type { RemoteConnection } from './remote-connection.ts';
import { checkSingleDatabase } from './supplied-client.ts';
import { fileUrl, whereIs } from './where.ts';

/** A filesystem in a libSQL database. */
export type LibsqlFilesystem = RootFilesystem<LibsqlCapabilities>;

/**
 * Opens a filesystem in a libSQL database: in a file, in memory, or on a server.
 *
 * With `config` the connections are opened and closed here. With `client` that client stays open; where its
 * database is a file, the connections to it are still of this package's own.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`, before anything is touched where possible, also for a database or a directory
 * that does not exist, and for TLS that the server does not speak; `ACCESS_DENIED` when the server, the system or Node's
 * permission model refuses, or the server's certificate is not to be trusted; `UNSUPPORTED` when the driver is missing, or
 * what is promised cannot be kept; `UNAVAILABLE` when the database cannot be reached, which may pass;
 * `SCHEMA_UNSUPPORTED`; `CORRUPT`, `STORAGE_FULL`; `BUSY` when locks were held for longer than `busyTimeoutMs`; `TIMEOUT`
 * when a server does not answer within 60 s
 */
export async function openLibsql(options: LibsqlOptions): Promise<LibsqlFilesystem> {
  try {
    const parsed = parseOptions(options);
    return 'config' in parsed.source
      ? await openConfig(parsed.source.config, parsed)
      : await openClient(parsed.source.client, parsed);
  } catch (thrown) {
    throw opening(thrown);
  }
}

async function openConfig(config: LibsqlConfig, options: ParsedOptions): Promise<LibsqlFilesystem> {
  const where = whereIs(config);
  if (where.kind !== 'server') {
    const path = where.kind === 'file' ? where.path : undefined;
    const absolute = where.kind === 'file' ? { ...config, url: where.url } : config;
    return openFileOn(absolute, path, { ownsJournal: true }, options);
  }
  const { syncUrl: _syncUrl, encryptionKey, ...rest } = config;
  // The key of the file of a replica is not the server's business; of a server it has no meaning.
  const remote = { ...rest, url: where.url, ...(config.syncUrl === undefined ? { encryptionKey } : {}) };
  const connection = connectToServer(await loadDriver(), remote, options.busyTimeoutMs);
  // Instances on one server and table race with each other like writers of one. A `fetch` of the caller may lead elsewhere.
  const store = config.fetch === undefined ? `${where.url}\0${options.tables.entries}` : undefined;
  return openServerOn(connection, options, store);
}

async function openClient(client: LibsqlClient, options: ParsedOptions): Promise<LibsqlFilesystem> {
  const { busyTimeoutMs } = options;
  if (client.closed) throw new HoldfastError('INVALID_ARGUMENT', 'client must be open');
  if (client.protocol !== 'file') {
    const limits = { concurrency: DEFAULT_CONCURRENCY, busyTimeoutMs };
    return openServerOn(connectThrough(client, limits), options);
  }
  const file = await mainFile(client, busyTimeoutMs);
  if (file !== '') return openFileOn({ url: fileUrl(file) }, file, { ownsJournal: false }, options);
  await checkSingleDatabase(client);
  const connection = new FileConnection({ client, owned: false, file, busyTimeoutMs });
  return openOn(connection, { durability: 'none', sharing: 'instance' }, DEFAULT_MAX_BODY_BYTES, options);
}

async function openFileOn(...args: Parameters<typeof openFileAt>): Promise<LibsqlFilesystem> {
  const [, path, , { migrate: mode }] = args;
  try {
    return await openFileAt(...args);
  } catch (thrown) {
    const error = libsqlError(thrown);
    throw path === undefined ? error : unopenedFile(error, path, { create: mode === 'auto' });
  }
}

async function openFileAt(
  config: LibsqlConfig,
  path: string | undefined,
  { ownsJournal }: { readonly ownsJournal: boolean },
  options: ParsedOptions,
): Promise<LibsqlFilesystem> {
  const { migrate: mode, busyTimeoutMs } = options;
  const { connection, file } = await openFile(await loadDriver(), {
    config,
    path,
    create: mode === 'auto',
    busyTimeoutMs,
  });
  return closingOnFailure(connection, async () => {
    connection.checkAlone();
    // Before the journal is changed: a database that is refused stays as it is.
    await checkSchema(migrationOf(connection, options));
    const inFile = file !== '';
    if (inFile && ownsJournal) await useWriteAheadLog(connection);
    const promises: LibsqlPromises = inFile
      ? await promisesOfFile(connection)
      : { durability: 'none', sharing: 'instance' };
    const store = inFile ? `${file}\0${options.tables.entries}` : undefined;
    return openOn(connection, promises, DEFAULT_MAX_BODY_BYTES, options, { store });
  });
}

async function openServerOn(
  connection: RemoteConnection,
  options: ParsedOptions,
  store?: string,
): Promise<LibsqlFilesystem> {
  using deadline = new OpenDeadline();
  return await closingOnFailure(connection, async () => {
    try {
      await checkServer(connection, options.maxBodyBytes ?? DEFAULT_SERVER_MAX_BODY_BYTES, deadline);
      return await openOn(connection, SERVER_PROMISES, DEFAULT_SERVER_MAX_BODY_BYTES, options, {
        context: deadline,
        store,
      });
    } catch (error) {
      throw deadline.exhausted() ?? error;
    }
  });
}

async function closingOnFailure<T>(connection: LibsqlConnection, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    connection.close();
    throw error;
  }
}

async function openOn(
  connection: LibsqlConnection,
  promises: LibsqlPromises,
  defaultMaxBodyBytes: number,
  options: ParsedOptions,
  { context = NO_DEADLINE, store }: { readonly context?: OperationContext; readonly store?: string | undefined } = {},
): Promise<LibsqlFilesystem> {
  const { tables, maxBodyBytes = defaultMaxBodyBytes } = options;
  await migrate(migrationOf(connection, options, context));
  return new LibsqlSqlFilesystem({
    capabilities: libsqlCapabilities(promises, maxBodyBytes),
    profile: fragileSqliteProfile,
    tables,
    driver: new LibsqlDriver(connection, tables),
    batches: promises.sharing === 'network' ? SERVER_BATCHES : FILE_BATCHES,
    store,
  });
}

function migrationOf(
  connection: LibsqlConnection,
  { tables, migrate: mode }: ParsedOptions,
  context: OperationContext = NO_DEADLINE,
): MigrateOptions {
  const db = migrationKysely(fragileSqliteProfile, new LibsqlMigrationConnection(connection, context));
  return { db, profile: fragileSqliteProfile, tables, mode };
}

function opening(thrown: unknown): HoldfastError {
  return restated(whileOpening(libsqlError(thrown)), { operation: 'open' });
}

/** Where there was no database yet, one that is not found is none that may be back soon. */
function whileOpening(error: HoldfastError): HoldfastError {
  const cause = error.rawCause();
  if (error.code !== 'UNAVAILABLE' || statusOf(cause) !== 404) return error;
  return new HoldfastError('INVALID_ARGUMENT', 'there is no database at config.url (HTTP 404)', { cause });
}
