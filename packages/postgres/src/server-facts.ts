import { HoldfastError, isHoldfastError } from '@holdfast/core';
import type { PostgresCapabilities } from './capabilities.ts';
import { sqlState } from './errors.ts';
import type { Lease } from './lease.ts';

/** The oldest release that its makers still mend. */
const OLDEST_VERSION = 140_000;

/** The classes of SQLSTATE of a server that does not know the setting or the function, or denies it: for good. */
const CANNOT = /^(?:0A|22|42)/;

/** How often the server looks whether we are still there, in milliseconds: twice a second, a system call each time. */
const LOOK_AFTER_US_MS = 500;

// A server that is only compatible may lack a setting; `true` makes that a null.
const FACTS = `
  select
    pg_catalog.current_setting('server_version_num', true) as server_version,
    pg_catalog.current_setting('server_encoding', true) as server_encoding,
    pg_catalog.current_setting('bytea_output', true) as bytea_output,
    pg_catalog.current_setting('fsync', true) as fsync,
    pg_catalog.current_setting('full_page_writes', true) as full_page_writes,
    pg_catalog.current_setting('synchronous_commit', true) as synchronous_commit
`;

/**
 * Asks the server for what a promise depends on, and answers how durable an acknowledged write is. One round
 * trip.
 *
 * @throws HoldfastError `UNSUPPORTED` when the server is too old, or its database or the role's settings would
 * change what is stored
 */
export async function askServer(lease: Lease): Promise<PostgresCapabilities['durability']> {
  const { rows } = await lease.query({ text: FACTS });
  const facts = rows[0] ?? {};
  if (Number(facts['server_version'] ?? OLDEST_VERSION) < OLDEST_VERSION) {
    throw unsupported('PostgreSQL 14 or later is needed');
  }
  if ((facts['server_encoding'] ?? 'UTF8') !== 'UTF8') {
    throw unsupported("the database must be created with encoding 'UTF8'");
  }
  if ((facts['bytea_output'] ?? 'hex') !== 'hex') {
    throw unsupported("the setting bytea_output must be 'hex' for this role and database");
  }
  const off = ['fsync', 'full_page_writes', 'synchronous_commit'].some((name) => facts[name] === 'off');
  return off ? 'process-crash' : 'power-loss';
}

/**
 * Makes the server look, twice a second, whether we are still there while it waits for a lock on our behalf. Else a
 * statement whose connection was closed at its deadline goes on waiting, and keeps its connection to the server.
 * One round trip, once for each connection.
 *
 * @throws HoldfastError when the connection is lost, or the server fails for now; those that cannot do it are left as
 * they are
 */
export async function noticeWhenWeAreGone(lease: Lease): Promise<void> {
  try {
    await lease.query({
      text: `select pg_catalog.set_config('client_connection_check_interval', '${LOOK_AFTER_US_MS}', false)`,
    });
  } catch (error) {
    if (!isHoldfastError(error) || !CANNOT.test(sqlState(error.rawCause()) ?? '')) throw error;
  }
}

function unsupported(message: string): HoldfastError {
  return new HoldfastError('UNSUPPORTED', message, { operation: 'open' });
}
