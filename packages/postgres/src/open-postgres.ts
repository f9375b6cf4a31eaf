import { HoldfastError, isHoldfastError, type RootFilesystem } from '@holdfast/core';
import { migrate, migrationKysely, OpenDeadline, postgresProfile, SqlFilesystem } from '@holdfast/sql';
import type { Pool, PoolConfig } from 'pg';
import { postgresCapabilities, type PostgresCapabilities } from './capabilities.ts';
import { Checkouts } from './checkouts.ts';
import { PostgresDriver } from './driver.ts';
import { connectError } from './errors.ts';
import { loadDriver } from './load-driver.ts';
import { PostgresMigrationConnection } from './migration-connection.ts';
import { DEFAULT_POOL_SIZE, parseOptions, type ParsedOptions, type PostgresOptions } from './options.ts';
import { askServer, noticeWhenWeAreGone } from './server-facts.ts';

/** How long a connection is silent before the system asks whether the other end is still there, in milliseconds. */
const KEEP_ALIVE_DELAY_MS = 10_000;

/** A filesystem in a PostgreSQL database. */
export type PostgresFilesystem = RootFilesystem<PostgresCapabilities>;

/**
 * Opens a filesystem in a PostgreSQL database: with a pool of its own, or on one that the caller has, which
 * `close` leaves open. Three round trips, besides connecting, when the schema is up to date.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` before anything is touched; `UNAVAILABLE` when the server cannot be
 * reached or pg is missing; `ACCESS_DENIED` when it refuses; `UNSUPPORTED` when it is too old or set up in a way
 * that would change what is stored; `SCHEMA_UNSUPPORTED`; `BUSY` when every connection of the pool is in use for
 * longer than `checkoutTimeoutMs`, or another migration is under way for 30 s or a shorter `lock_timeout`; `TIMEOUT`
 * after 60 s
 */
export async function openPostgres(options: PostgresOptions): Promise<PostgresFilesystem> {
  try {
    const parsed = parseOptions(options);
    return 'pool' in parsed.source
      ? await openOn(parsed.source.pool, parsed, { owned: false })
      : await openOwn(parsed.source.config, parsed);
  } catch (thrown) {
    throw opening(thrown);
  }
}

async function openOwn(config: PoolConfig, options: ParsedOptions): Promise<PostgresFilesystem> {
  const OwnPool = await loadDriver();
  const pool = makePool(OwnPool, config, options);
  return await openOn(pool, options, { owned: true });
}

function makePool(
  OwnPool: new (config: PoolConfig) => Pool,
  config: PoolConfig,
  { checkoutTimeoutMs }: ParsedOptions,
): Pool {
  try {
    return new OwnPool({
      // Shown to whoever looks at the server's connections; `PGAPPNAME` and `application_name` go before it.
      fallback_application_name: 'holdfast',
      // Else a connection whose other end is gone without a word is noticed after hours.
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
      connectionTimeoutMillis: checkoutTimeoutMs,
      ...config,
      max: config.max ?? DEFAULT_POOL_SIZE,
    });
  } catch (cause) {
    throw new HoldfastError('INVALID_ARGUMENT', 'config is not one that a Pool of pg takes', { cause });
  }
}

async function openOn(
  pool: Pool,
  options: ParsedOptions,
  { owned }: { readonly owned: boolean },
): Promise<PostgresFilesystem> {
  const { tables, checkoutTimeoutMs, preparedStatements, maxBodyBytes } = options;
  const greet = owned ? noticeWhenWeAreGone : undefined;
  const checkouts = new Checkouts({ pool, timeoutMs: checkoutTimeoutMs, greet });
  const driver = new PostgresDriver({ checkouts, ownPool: owned ? pool : undefined, preparedStatements });
  try {
    const durability = await prepare(checkouts, options);
    const capabilities = postgresCapabilities(durability, maxBodyBytes);
    return new SqlFilesystem({ capabilities, profile: postgresProfile, tables, driver });
  } catch (error) {
    await driver.close();
    throw error;
  }
}

async function prepare(
  checkouts: Checkouts,
  { tables, migrate: mode }: ParsedOptions,
): Promise<PostgresCapabilities['durability']> {
  using deadline = new OpenDeadline();
  try {
    return await checkouts.run(deadline, async (lease) => {
      const durability = await askServer(lease);
      const db = migrationKysely(postgresProfile, new PostgresMigrationConnection(lease));
      await migrate({ db, profile: postgresProfile, tables, mode });
      return durability;
    });
  } catch (error) {
    // It closed the connection, which is all that the statement can tell.
    throw deadline.signal.aborted ? deadline.signal.reason : error;
  }
}

function opening(thrown: unknown): HoldfastError {
  const { code, message, capability, cause } = isHoldfastError(thrown) ? thrown : connectError(thrown);
  return new HoldfastError(code, message, { operation: 'open', capability, ...(cause === undefined ? {} : { cause }) });
}
