import { HoldfastError } from '@holdfast/core';
import type { MigrationConnection, SqlRow } from '@holdfast/sql';
import type { QueryResult } from 'pg';
import type { Lease } from './lease.ts';

/** How long a migration waits for another one, in milliseconds; then it is `BUSY`. */
const LONGEST_WAIT_FOR_LOCK_MS = 30_000;

/**
 * Runs migrations on one connection. Kysely's adapter begins each transaction with an advisory lock, which keeps
 * every other migration of the database out until the transaction ends.
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
   * Whatever the default is: what others have done while we waited for the lock must be seen. Another migration in
   * the same database, whose lock it is, may take its time, but not for ever.
   */
  async begin(): Promise<void> {
    await this.#query('begin isolation level read committed read write');
    await this.#query(`set local lock_timeout = ${LONGEST_WAIT_FOR_LOCK_MS}`);
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
