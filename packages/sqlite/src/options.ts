import { checkInteger, invalidArgument, readOptions } from '@holdfast/core/adapter';
import { HoldfastError, MAX_TIMEOUT_MS } from '@holdfast/core';
import { nameTables, parseMigrateMode, sqliteProfile, type MigrateMode, type Tables } from '@holdfast/sql';
import { isSqliteDatabase, type SqliteDatabase } from './database.ts';

/** What every way of opening takes. */
export interface SqliteCommonOptions {
  /** What the names of the tables start with. Default `holdfast_`. `[A-Za-z_][A-Za-z0-9_]*`, at most 63. */
  readonly tablePrefix?: string | undefined;
  /** `auto` (default) creates what is missing, `verify` refuses if anything is, `off` does not look. */
  readonly migrate?: MigrateMode | undefined;
  /** The longest body in bytes: up to 511 MiB, by default 16 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /**
   * How long a call waits for a lock that another connection holds, in milliseconds. Default 5,000. That others of
   * this process have their turn first does not count, unless the lock keeps them waiting as well.
   */
  readonly busyTimeoutMs?: number | undefined;
}

/** Where transactions that write run: on the event loop, or on a thread of their own. */
export type SqliteWrites = 'event-loop' | 'thread';

/** Opens a file, which is created if need be, or a private database in memory. */
export interface SqliteFileOptions extends SqliteCommonOptions {
  /** A path of the host's file system, or `:memory:`. No URL: `fileURLToPath` of `node:url` has the path of one. */
  readonly file: string;
  readonly database?: undefined;
  /**
   * `event-loop` (default) is faster on a disk that syncs fast. With `thread` the loop never waits for the disk: writes to the
   * file are made by a thread, with a connection of its own; not in memory.
   */
  readonly writes?: SqliteWrites | undefined;
}

/** Uses a connection that the caller opened and keeps. */
export interface SqliteDatabaseOptions extends SqliteCommonOptions {
  readonly database: SqliteDatabase;
  readonly file?: undefined;
  /** Writes are made on the connection, and so on the event loop. */
  readonly writes?: 'event-loop' | undefined;
}

/** The options of `openSqlite`. */
export type SqliteOptions = SqliteFileOptions | SqliteDatabaseOptions;

/** The default of `maxBodyBytes`: 16 MiB, which one commit still writes in a fraction of a second. */
export const DEFAULT_MAX_BODY_BYTES: number = 16 * 1024 * 1024;

/** better-sqlite3 takes rows of up to 2^29 - 24 bytes; this leaves room for the other columns. */
const MOST_BODY_BYTES = 511 * 1024 * 1024;

/** The default of `busyTimeoutMs`: the driver's own default for its blocking wait. */
export const DEFAULT_BUSY_TIMEOUT_MS = 5000;

/**
 * What SQLite, another driver or another library would take for something else than the name of a file: `file:a.db?…`,
 * `file::memory:`, `:memory:?…`. A single letter is a drive of Windows.
 */
const LIKE_A_URL = /^(?::memory:|[a-z][a-z0-9+.-]+:)/i;

const KEYS = ['file', 'database', 'tablePrefix', 'migrate', 'maxBodyBytes', 'busyTimeoutMs', 'writes'] as const;

/** {@link SqliteOptions}, checked and with every default filled in. */
export interface ParsedOptions {
  readonly source: { readonly file: string } | { readonly database: SqliteDatabase };
  readonly tables: Tables;
  readonly migrate: MigrateMode;
  readonly maxBodyBytes: number;
  readonly busyTimeoutMs: number;
  readonly writes: SqliteWrites;
}

/**
 * Checks every option before anything is touched.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseOptions(value: unknown): ParsedOptions {
  const options = readOptions('options', value, KEYS);
  const source = parseSource(options);
  return {
    source,
    // Without it, a temporary or an attached table of the same name could be meant.
    tables: nameTables({ tablePrefix: options.tablePrefix, schema: 'main' }, sqliteProfile),
    migrate: parseMigrateMode(options.migrate),
    maxBodyBytes: checkInteger('maxBodyBytes', options.maxBodyBytes, {
      min: 1,
      max: MOST_BODY_BYTES,
      fallback: DEFAULT_MAX_BODY_BYTES,
    }),
    busyTimeoutMs: checkInteger('busyTimeoutMs', options.busyTimeoutMs, {
      min: 0,
      max: MAX_TIMEOUT_MS,
      fallback: DEFAULT_BUSY_TIMEOUT_MS,
    }),
    writes: parseWrites(options.writes, 'file' in source && source.file !== ':memory:'),
  };
}

function parseWrites(writes: unknown, inFile: boolean): SqliteWrites {
  if (writes === undefined || writes === 'event-loop') return 'event-loop';
  if (writes !== 'thread') throw invalidArgument('writes', "'event-loop' or 'thread'", writes);
  if (inFile) return writes;
  throw new HoldfastError(
    'INVALID_ARGUMENT',
    "writes can be 'thread' only with a file, which a thread opens by itself",
  );
}

function hasShape(database: unknown): database is SqliteDatabase {
  try {
    return isSqliteDatabase(database);
  } catch {
    // A getter or a proxy that throws is no database either.
    return false;
  }
}

function parseSource({ file, database }: { readonly file?: unknown; readonly database?: unknown }) {
  if (database === undefined) {
    // The driver trims names, and takes an empty one for a temporary database; a NUL would cut the name short.
    const usable = typeof file === 'string' && file.trim() === file && file !== '' && !file.includes('\0');
    if (!usable) throw invalidArgument('file', "a file name or ':memory:', unless there is a database", file);
    if (file !== ':memory:' && LIKE_A_URL.test(file)) {
      throw invalidArgument(
        'file',
        "a path, which begins with ./ if its name looks like a URL, or exactly ':memory:'",
        file,
      );
    }
    return { file };
  }
  if (file !== undefined) throw invalidArgument('file', 'absent when there is a database', file);
  if (!hasShape(database)) throw invalidArgument('database', 'a Database of better-sqlite3', database);
  return { database };
}
