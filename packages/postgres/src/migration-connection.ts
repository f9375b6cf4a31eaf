import { HoldfastError } from '@holdfast/core';
import type { MigrationConnection, SqlRow } from '@holdfast/sql';
import type { QueryResult } from 'pg';
import type { Lease } from './lease.ts';

/** How long a migration waits for another one, in milliseconds; then it is `BUSY`. */
const LONGEST_WAIT_FOR_LOCK_MS = 30_000;

/** The advisory lock that every migration by Kysely takes, also one of somebody else's tables. */
const MIGRATION_LOCK = '3853314791062309107';

// A `lock_timeout` of 0 is none.
const LIMIT_WAIT = `
  select pg_catalog.set_config('lock_timeout', '${LONGEST_WAIT_FOR_LOCK_MS}', true)
  from (
    select setting::pg_catalog.int8 as milliseconds
    from pg_catalog.pg_settings where name operator(pg_catalog.=) 'lock_timeout'
  ) as limited
  where milliseconds operator(pg_catalog.<) 1 or milliseconds operator(pg_catalog.>) ${LONGEST_WAIT_FOR_LOCK_MS}
`;

/**
 * Runs migrations on one connection. Each transaction begins with an advisory lock, which keeps every other migration
 * of the database out until the transaction ends. Nothing outlasts the transaction, so that a proxy may hand out a
 * server connection for each.
 */
export class PostgresMigrationConnection implements MigrationConnection {
  readonly #lease: Lease;

  constructor(lease: Lease) {
    this.#lease = lease;
  }

  async execute(text: string, values: readonly unknown[]): Promise<readonly SqlRow[]> {
    const { rows } = await this.#query(text, values);
    return rows;
  }

  /**
   * Whatever the default isolation is: what others have done while we waited for the lock must be seen. Another
   * migration in the same database may take its time, but not for ever. When this fails, no transaction is open.
   *
   * @throws HoldfastError `BUSY` after 30 s of waiting, or after a shorter `lock_timeout` of the connection
   */
  async begin(): Promise<void> {
    await this.#query('begin isolation level read committed read write');
    try {
      await this.#query(LIMIT_WAIT);
      await this.#query(`select pg_catalog.pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    } catch (error) {
      // Where that fails as well, the connection is gone, and the transaction with it.
      await this.rollBack().catch(() => {});
      throw error;
    }
  }

  /** @throws HoldfastError `BACKEND_FAILED` when the server rolled back, which it answers without an error */
  async commit(): Promise<void> {
    const { command } = await this.#query('commit');
    if (command === 'COMMIT') return;
    throw new HoldfastError('BACKEND_FAILED', 'the commit of a migration was answered with a rollback', {
      outcome: 'not-applied',
    });
  }

  async rollBack(): Promise<void> {
    await this.#query('rollback');
  }

  #query(text: string, values: readonly unknown[] = []): Promise<QueryResult<Record<string, unknown>>> {
    return this.#lease.query({ text, values: [...values] });
  }
}
