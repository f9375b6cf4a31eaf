export type { LibsqlCapabilities } from './capabilities.ts';
export type {
  LibsqlClient,
  LibsqlConfig,
  LibsqlFetch,
  LibsqlResult,
  LibsqlStatement,
  LibsqlTransaction,
  LibsqlValue,
} from './client.ts';
export { openLibsql, type LibsqlFilesystem } from './open-libsql.ts';
export {
  DEFAULT_BUSY_TIMEOUT_MS,
  DEFAULT_CONCURRENCY,
  DEFAULT_MAX_BODY_BYTES,
  DEFAULT_SERVER_MAX_BODY_BYTES,
  type LibsqlClientOptions,
  type LibsqlCommonOptions,
  type LibsqlConfigOptions,
  type LibsqlOptions,
} from './options.ts';
