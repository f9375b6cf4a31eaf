import { MAX_TIMEOUT_MS } from '@holdfast/core';
import { checkInteger, invalidArgument, readOptions } from '@holdfast/core/adapter';
import {
  DEFAULT_POSTGRES_SCHEMA,
  nameTables,
  parseMigrateMode,
  postgresProfile,
  type MigrateMode,
  type Tables,
} from '@holdfast/sql';
import type { Pool, PoolConfig } from 'pg';
import { checkPoolConfig, checkSaysWhere } from './pool-config.ts';

/** What every way of opening takes. */
export interface PostgresCommonOptions {
  /**
   * The schema of the tables, created if need be. Default `public`. `[A-Za-z_][A-Za-z0-9_]*`, at most 63; none of the
   * server's own, which are `information_schema` and whatever starts with `pg_`.
   */
  readonly schema?: string | undefined;
  /** What the names of the tables start with. Default `holdfast_`. `[A-Za-z_][A-Za-z0-9_]*`, at most 48. */
  readonly tablePrefix?: string | undefined;
  /** `auto` (default) creates what is missing, `verify` refuses if anything is, `off` does not look. */
  readonly migrate?: MigrateMode | undefined;
  /** The longest body in bytes: up to 255 MiB, by default 16 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /**
   * How long a call waits for a connection, in milliseconds, when its own deadline does not end it earlier.
   * Default 10,000.
   */
  readonly checkoutTimeoutMs?: number | undefined;
  /**
   * Whether statements are prepared by name, once for each connection. Default `true`; `false` behind a proxy
   * that hands out a server connection for each transaction and does not keep track of prepared statements.
   */
  readonly preparedStatements?: boolean | undefined;
}

/** Connects with a pool of its own, which `close` ends. */
export interface PostgresConfigOptions extends PostgresCommonOptions {
  /** The configuration of pg's `Pool`: `connectionString`, or `host`, `user` and so on; `max` (default 10), `ssl`. */
  readonly config: PoolConfig;
  readonly pool?: undefined;
}

/** Uses a pool that the caller made and keeps. */
export interface PostgresPoolOptions extends PostgresCommonOptions {
  readonly pool: Pool;
  readonly config?: undefined;
}

/** The options of `openPostgres`. */
export type PostgresOptions = PostgresConfigOptions | PostgresPoolOptions;

/** The default of `maxBodyBytes`: 16 MiB, as for every SQL adapter. */
export const DEFAULT_MAX_BODY_BYTES: number = 16 * 1024 * 1024;

/** The driver reads a body as hexadecimal digits in one string, and V8's strings end at 2^29 - 24 characters. */
const MOST_BODY_BYTES = 255 * 1024 * 1024;

/** The default of `checkoutTimeoutMs`: less than the deadline of a `casUpdate`, more than a slow TLS handshake. */
export const DEFAULT_CHECKOUT_TIMEOUT_MS = 10_000;

const KEYS = [
  'config',
  'pool',
  'schema',
  'tablePrefix',
  'migrate',
  'maxBodyBytes',
  'checkoutTimeoutMs',
  'preparedStatements',
] as const;

/** Keys of `config` that callers may give one level too high. */
const CONFIG_KEYS = ['connectionString', 'host', 'port', 'user', 'password', 'database', 'ssl', 'max', 'min'] as const;

/** {@link PostgresOptions}, checked and with every default filled in. */
export interface ParsedOptions {
  readonly source: { readonly config: PoolConfig } | { readonly pool: Pool };
  readonly tables: Tables;
  readonly migrate: MigrateMode;
  readonly maxBodyBytes: number;
  readonly checkoutTimeoutMs: number;
  readonly preparedStatements: boolean;
}

/**
 * Checks every option before anything is touched.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseOptions(value: unknown): ParsedOptions {
  const options = readOptions('options', value, KEYS, { config: CONFIG_KEYS });
  const { schema = DEFAULT_POSTGRES_SCHEMA, tablePrefix } = options;
  return {
    source: parseSource(options),
    tables: nameTables({ tablePrefix, schema }, postgresProfile),
    migrate: parseMigrateMode(options.migrate),
    maxBodyBytes: checkInteger('maxBodyBytes', options.maxBodyBytes, {
      min: 1,
      max: MOST_BODY_BYTES,
      fallback: DEFAULT_MAX_BODY_BYTES,
    }),
    checkoutTimeoutMs: checkInteger('checkoutTimeoutMs', options.checkoutTimeoutMs, {
      min: 1,
      max: MAX_TIMEOUT_MS,
      fallback: DEFAULT_CHECKOUT_TIMEOUT_MS,
    }),
    preparedStatements: parseBoolean('preparedStatements', options.preparedStatements, true),
  };
}

type RawOptions = { readonly [Key in (typeof KEYS)[number]]?: unknown };

function parseBoolean(argument: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value !== 'boolean') throw invalidArgument(argument, 'true or false', value);
  return value;
}

function parseSource({ config, pool }: RawOptions): ParsedOptions['source'] {
  if (pool === undefined) {
    if (typeof config !== 'object' || config === null || Array.isArray(config)) {
      throw invalidArgument('config', 'the configuration of a Pool of pg, unless there is a pool', config);
    }
    checkPoolConfig('config', config);
    checkSaysWhere(config);
    return { config };
  }
  if (config !== undefined) throw invalidArgument('config', 'absent when there is a pool', config);
  if (!isPool(pool)) throw invalidArgument('pool', 'a Pool of pg', pool);
  checkPoolConfig('pool.options', pool.options);
  return { pool };
}

function isPool(value: unknown): value is Pool {
  if (typeof value !== 'object' || value === null) return false;
  try {
    const pool = value as Partial<Record<keyof Pool, unknown>>;
    const methods = ['connect', 'on', 'off', 'end'] as const;
    // A client has those too, but is not several connections.
    return methods.every((name) => typeof pool[name] === 'function') && typeof pool.totalCount === 'number';
  } catch {
    // A getter or a proxy that throws is no pool either.
    return false;
  }
}
