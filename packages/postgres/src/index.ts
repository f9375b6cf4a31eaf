export type { PostgresCapabilities } from './capabilities.ts';
export { openPostgres, type PostgresFilesystem } from './open-postgres.ts';
export {
  DEFAULT_CHECKOUT_TIMEOUT_MS,
  DEFAULT_MAX_BODY_BYTES,
  type PostgresCommonOptions,
  type PostgresConfigOptions,
  type PostgresOptions,
  type PostgresPoolOptions,
} from './options.ts';
