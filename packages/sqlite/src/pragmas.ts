import { sqliteProfile } from '@holdfast/sql';
import type { SqliteDatabase } from './database.ts';

/** What a connection answers to the questions that its promises depend on. */
export interface DatabaseFacts {
  readonly sqliteVersion: string;
  /** Whether the main database is a file with a name. */
  readonly inFile: boolean;
  /** `wal`, `delete`, `truncate`, `persist`, `memory` or `off`. */
  readonly journalMode: string;
  /** What the URI that the database was opened by sets, if SQLite took its name for one. */
  readonly uriParameters: readonly string[];
  /** 0 is off, 1 normal, 2 full, 3 extra. */
  readonly synchronous: number;
  /** Whether a sync goes through to the medium on macOS. Elsewhere it always does. */
  readonly fullSync: boolean;
  readonly exclusiveLocking: boolean;
  readonly encoding: string;
  /** Functions that our statements call, and that the owner of the connection has defined anew. */
  readonly replacedFunctions: readonly string[];
}

/** Reads the facts. Changes nothing, but takes a read lock and so may find the database busy. */
export function readFacts(database: SqliteDatabase, platform: NodeJS.Platform = process.platform): DatabaseFacts {
  return {
    sqliteVersion: sqliteVersion(database),
    inFile: !database.memory && fileOf(database) !== '',
    journalMode: String(ask(database, 'journal_mode')).toLowerCase(),
    uriParameters: uriParameters(database),
    synchronous: Number(ask(database, 'synchronous')),
    fullSync: platform !== 'darwin' || Number(ask(database, 'fullfsync')) === 1,
    exclusiveLocking: String(ask(database, 'locking_mode')).toLowerCase() === 'exclusive',
    encoding: String(ask(database, 'encoding')),
    replacedFunctions: replacedFunctions(database),
  };
}

/** The release of SQLite that a driver brings, such as `3.54.1`. */
export function sqliteVersion(database: SqliteDatabase): string {
  return textOf(database, 'select sqlite_version() as text');
}

/** The file of the main database, as SQLite itself resolved it; empty when there is none. */
export function fileOf(database: SqliteDatabase): string {
  return textOf(database, "select file as text from pragma_database_list where name = 'main'");
}

/** SQLite takes a name for a URI only if the driver lets it. Otherwise it is that of the file. */
function uriParameters(database: SqliteDatabase): string[] {
  const { name } = database as { readonly name?: unknown };
  if (typeof name !== 'string' || !name.startsWith('file:') || fileOf(database).endsWith(name)) return [];
  const [, query = ''] = /\?([^#]*)/.exec(name) ?? [];
  return [...new URLSearchParams(query).keys()];
}

function replacedFunctions(database: SqliteDatabase): string[] {
  const functions = database.pragma('function_list') as readonly { readonly name: string; readonly builtin: unknown }[];
  const theirs = new Set(
    functions.filter(({ builtin }) => Number(builtin) === 0).map(({ name }) => name.toLowerCase()),
  );
  return Object.values(sqliteProfile.functions).filter((name) => theirs.has(name));
}

/** The value of one pragma. Only ever called with names from this package. */
export function ask(database: SqliteDatabase, pragma: string): unknown {
  return database.pragma(pragma, { simple: true });
}

function textOf(database: SqliteDatabase, select: string): string {
  const [row] = database.prepare(select).all() as readonly { readonly text: string | null }[];
  return row?.text ?? '';
}
