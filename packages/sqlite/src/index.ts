export type { SqliteCapabilities } from './capabilities.ts';
export type { SqliteDatabase, SqliteStatement } from './database.ts';
export { openSqlite, type SqliteFilesystem } from './open-sqlite.ts';
export {
  DEFAULT_BUSY_TIMEOUT_MS,
  DEFAULT_MAX_BODY_BYTES,
  type SqliteCommonOptions,
  type SqliteDatabaseOptions,
  type SqliteFileOptions,
  type SqliteOptions,
  type SqliteWrites,
} from './options.ts';
