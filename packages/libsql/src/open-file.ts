import { HoldfastError } from '@holdfast/core';
import { checkWritable, decodeText, FileWatch, NO_DEADLINE } from '@holdfast/sql';
import { retryWhileBusy } from './busy-retry.ts';
import type { LibsqlPromises } from './capabilities.ts';
import type { CreateClient, LibsqlClient, LibsqlConfig } from './client.ts';
import { libsqlError } from './errors.ts';
import { FileConnection } from './file-connection.ts';
import { isThere } from './is-there.ts';

const FULL = 2;
// As bytes: the driver does not survive reading a text that is not UTF-8, which the name of a file may be.
const MAIN_FILE = `
  select cast(file as blob) as file, (select encoding from pragma_encoding) as encoding
  from pragma_database_list where name = 'main'
`;

/** A connection to a file or to memory, with what depends on it. */
export interface OpenedFile {
  readonly connection: FileConnection;
  /** The path as SQLite resolved it; `''` in memory. */
  readonly file: string;
}

/** What {@link openFile} opens. */
export interface FileOptions {
  readonly config: LibsqlConfig;
  /** The file that the URL names; `undefined` for a database in memory. */
  readonly path: string | undefined;
  readonly create: boolean;
  readonly busyTimeoutMs: number;
}

/**
 * Opens a file, or a database in memory. Nothing is written, but for the empty file when it may be created.
 *
 * @throws HoldfastError `UNAVAILABLE`; `UNSUPPORTED` for the file of an embedded replica; `CORRUPT`; `ACCESS_DENIED` for a file
 * that may not be written; `INVALID_ARGUMENT`
 */
export async function openFile(createClient: CreateClient, options: FileOptions): Promise<OpenedFile> {
  const { config, path, create, busyTimeoutMs } = options;
  if (path !== undefined) {
    checkFile(path, create);
    FileWatch.checkBefore(path, '@libsql/client');
    checkWritable(path);
  }
  const client = makeClient(createClient, config);
  try {
    const file = await mainFile(client, busyTimeoutMs);
    if (path !== undefined && file === '') throw invalid("config.url must name a file, or be ':memory:'");
    // Again, now that links have been followed.
    checkNoReplica(file);
    return { connection: new FileConnection({ client, owned: true, file, busyTimeoutMs }), file };
  } catch (error) {
    client.close();
    throw error;
  }
}

/**
 * The file of a client's database, as SQLite resolved it; `''` in memory.
 *
 * @throws HoldfastError `UNSUPPORTED` when the encoding of the database is another than the one that paths are ordered
 * by, or that of the name is
 */
export async function mainFile(client: LibsqlClient, busyTimeoutMs: number): Promise<string> {
  return retryWhileBusy(
    {
      async run() {
        try {
          const { rows } = await client.execute({ sql: MAIN_FILE, args: [] });
          // The bytes are those of the encoding.
          if (rows[0]?.['encoding'] !== 'UTF-8') throw unsupported('the database must be encoded in UTF-8');
          const file = decodeText(rows[0]['file'] ?? '');
          if (typeof file === 'string') return file;
          throw unsupported('the path of the file is not UTF-8');
        } catch (error) {
          throw libsqlError(error);
        }
      },
    },
    { busyTimeoutMs, context: NO_DEADLINE },
  );
}

/**
 * Gives a file a write-ahead log, which stays with it.
 *
 * @throws HoldfastError `UNSUPPORTED` when the file system cannot have one
 */
export async function useWriteAheadLog(connection: FileConnection): Promise<void> {
  if ((await ask(connection, 'journal_mode = wal')) !== 'wal') {
    throw unsupported('the file system of the database does not support a write-ahead log');
  }
}

/**
 * What a file promises. Nothing is set on a connection, since the driver may open another one at any time: what
 * counts is the journal, which is the file's, and how much every connection syncs by default.
 */
export async function promisesOfFile(connection: FileConnection): Promise<LibsqlPromises> {
  const inWal = (await ask(connection, 'journal_mode')) === 'wal';
  if (inWal) {
    // With the first read in this mode, the connection opens what it shares with others.
    await ask(connection, 'schema_version');
    connection.checkShared();
  }
  const synced = Number(await ask(connection, 'synchronous')) >= FULL;
  // On macOS a sync goes no further than the drive's cache unless each connection asks for more.
  const toMedium = process.platform !== 'darwin';
  return { durability: inWal && synced && toMedium ? 'power-loss' : 'process-crash', sharing: 'process' };
}

/** The answer to a pragma, whose column has a name of its own choice. */
async function ask(connection: FileConnection, pragma: string): Promise<unknown> {
  const [row] = await connection.read({ sql: `pragma ${pragma}`, args: [] }, NO_DEADLINE);
  return Object.values(row ?? {})[0];
}

function checkFile(path: string, create: boolean): void {
  checkNoReplica(path);
  if (!create && !isThere(path)) {
    throw new HoldfastError('INVALID_ARGUMENT', 'the database file does not exist', { outcome: 'not-applied' });
  }
}

/** Beside the file of a replica lies what it has of the server. Writing to it would part it from the server. */
function checkNoReplica(path: string): void {
  if (isThere(`${path}-client_wal_index`) || isThere(`${path}-info`)) {
    throw unsupported('the file is that of an embedded replica; open it with its syncUrl');
  }
}

function makeClient(createClient: CreateClient, config: LibsqlConfig): LibsqlClient {
  try {
    // One connection, which never waits by itself: it would block the event loop.
    return createClient({ ...config, intMode: 'number', timeout: 0, concurrency: 1 });
  } catch (error) {
    throw libsqlError(error);
  }
}

function invalid(message: string): HoldfastError {
  return new HoldfastError('INVALID_ARGUMENT', message);
}

function unsupported(message: string): HoldfastError {
  return new HoldfastError('UNSUPPORTED', message, { capability: 'sharing' });
}
