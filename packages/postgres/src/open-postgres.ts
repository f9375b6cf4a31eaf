import { isHoldfastError, type HoldfastError, type RootFilesystem } from '@holdfast/core';
import { restated } from '@holdfast/core/adapter';
import {
  migrate,
  migrationKysely,
  OpenDeadline,
  postgresProfile,
  SqlFilesystem,
  type BatchLimits,
} from '@holdfast/sql';
import type { Pool } from 'pg';
import { postgresCapabilities, type PostgresCapabilities } from './capabilities.ts';
import { Checkouts } from './checkouts.ts';
import { PostgresDriver } from './driver.ts';
import { connectError } from './errors.ts';
import { loadDriver } from './load-driver.ts';
import { PostgresMigrationConnection } from './migration-connection.ts';
import { parseOptions, type ParsedOptions, type PostgresOptions } from './options.ts';
import { OwnPool } from './own-pool.ts';
import { askServer, noticeWhenWeAreGone } from './server-facts.ts';

/**
 * Nearly as many at once as a pool has connections by default: few writers wait for nobody, and many come while all are under
 * way. One that takes long, since it waits for somebody else's transaction or the network is slow, keeps the others for
 * a moment only. Up to four writes go out side by side, each as the statement of a write by itself.
 */
const BATCHES = {
  atOnce: 8,
  aloneUpTo: 4,
  patienceMs: 50,
  maxGroups: 256,
  maxChanges: 1000,
  maxBytes: 1024 * 1024,
} as const satisfies BatchLimits;

/** A filesystem in a PostgreSQL database. */
export type PostgresFilesystem = RootFilesystem<PostgresCapabilities>;

/**
 * Opens a filesystem in a PostgreSQL database: with a pool of its own, or on one that the caller has, which
 * `close` leaves open. Three round trips, besides connecting, when the schema is up to date.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` before anything is touched, and when the server tells that the configuration
 * cannot be right: no password, a database or a setting that does not exist, TLS that it does not speak; `ACCESS_DENIED`
 * when it refuses, or its certificate is not to be trusted; `UNSUPPORTED` when pg is missing, or the server is too old or
 * set up in a way that would change what is stored; `UNAVAILABLE` when it cannot be reached, which may pass;
 * `SCHEMA_UNSUPPORTED`; `BUSY` when every connection of the pool is in use for
 * longer than `checkoutTimeoutMs`, or another migration is under way for 30 s or a shorter `lock_timeout`; `TIMEOUT`
 * after 60 s
 */
export async function openPostgres(options: PostgresOptions): Promise<PostgresFilesystem> {
  try {
    const parsed = parseOptions(options);
    const { source, checkoutTimeoutMs } = parsed;
    if ('pool' in source) return await openOn(source.pool, undefined, parsed);
    const ownPool = new OwnPool(await loadDriver(), source.config, checkoutTimeoutMs);
    return await openOn(ownPool.pool, ownPool, parsed);
  } catch (thrown) {
    throw opening(thrown);
  }
}

async function openOn(pool: Pool, ownPool: OwnPool | undefined, options: ParsedOptions): Promise<PostgresFilesystem> {
  const { tables, checkoutTimeoutMs, preparedStatements, maxBodyBytes } = options;
  const { connecting } = ownPool ?? {};
  const greet = ownPool === undefined ? undefined : noticeWhenWeAreGone;
  const onSilence = (since: number): void => ownPool?.closeIdle(since);
  const checkouts = new Checkouts({ pool, timeoutMs: checkoutTimeoutMs, greet, connecting, onSilence });
  const driver = new PostgresDriver({ checkouts, ownPool, preparedStatements, tables });
  try {
    const { durability, database } = await prepare(checkouts, options);
    const capabilities = postgresCapabilities(durability, maxBodyBytes);
    // Where a socket comes from elsewhere, the address is not what it leads to.
    const store = pool.options.stream === undefined ? `${database}\0${tables.schema}\0${tables.entries}` : undefined;
    // Side by side needs a connection for each.
    const batches = { ...BATCHES, aloneUpTo: Math.min(BATCHES.aloneUpTo, pool.options.max) };
    return new SqlFilesystem({ capabilities, profile: postgresProfile, tables, driver, batches, store });
  } catch (error) {
    await driver.close();
    throw error;
  }
}

async function prepare(
  checkouts: Checkouts,
  { tables, migrate: mode }: ParsedOptions,
): Promise<{ readonly durability: PostgresCapabilities['durability']; readonly database: string }> {
  using deadline = new OpenDeadline();
  try {
    return await checkouts.run(deadline, async (lease) => {
      const durability = await askServer(lease);
      const db = migrationKysely(postgresProfile, new PostgresMigrationConnection(lease));
      await migrate({ db, profile: postgresProfile, tables, mode });
      return { durability, database: lease.database };
    });
  } catch (error) {
    // It closed the connection, which is all that the statement can tell.
    throw deadline.exhausted() ?? error;
  }
}

function opening(thrown: unknown): HoldfastError {
  return restated(isHoldfastError(thrown) ? thrown : connectError(thrown), { operation: 'open' });
}
