import { createHash } from 'node:crypto';
import { HoldfastError, isHoldfastError } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';
import type { ConditionalWrite, SqlDriver, SqlQuery, SqlRow, SqlStatement, WriteResult } from '@holdfast/sql';
import type { Pool, QueryConfig, QueryResult } from 'pg';
import { checkOut, type Lease } from './lease.ts';
import { ROW_TYPES } from './row-types.ts';

/** What a driver works with. */
export interface PostgresDriverParts {
  readonly pool: Pool;
  /** Whether `close` ends the pool. */
  readonly owned: boolean;
  readonly checkoutTimeoutMs: number;
  readonly preparedStatements: boolean;
}

/** Runs the statements of a filesystem on the connections of a pool: one round trip each, in no transaction. */
export class PostgresDriver implements SqlDriver {
  readonly #parts: PostgresDriverParts;
  readonly #leases = new Set<Lease>();
  #closed = false;
  readonly #names = new WeakMap<SqlStatement, string>();
  // A pool without a listener ends the process when the server closes an idle connection. The pool itself has
  // removed that connection by then.
  readonly #onIdleError = (): void => {};

  constructor(parts: PostgresDriverParts) {
    this.#parts = parts;
    parts.pool.on('error', this.#onIdleError);
  }

  async read(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]> {
    const { rows } = await this.#onLease(context, (lease) => lease.queryAlone(this.#configOf(query)));
    return rows;
  }

  async write(writes: readonly ConditionalWrite[], context: OperationContext): Promise<readonly WriteResult[]> {
    return await this.#onLease(context, async (lease) => {
      const results: WriteResult[] = [];
      for (const { query } of writes) results.push(await this.#writeOne(lease, query));
      return results;
    });
  }

  /** Ends a pool of ours, and the statements that still run on it or on a pool that was given. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const lease of this.#leases) lease.destroy();
    const { pool, owned } = this.#parts;
    if (owned) await pool.end();
    // An own pool may still hear of a connection that it is closing.
    else pool.off('error', this.#onIdleError);
  }

  async #writeOne(lease: Lease, query: SqlQuery): Promise<WriteResult> {
    try {
      return { changed: changedRows(await lease.queryAlone(this.#configOf(query))) };
    } catch (error) {
      if (isHoldfastError(error)) return { error };
      throw error;
    }
  }

  async #onLease<T>(context: OperationContext, use: (lease: Lease) => Promise<T>): Promise<T> {
    const { pool, checkoutTimeoutMs } = this.#parts;
    // What still comes is looking for the outcome of a statement that closing has ended.
    if (this.#closed) throw new HoldfastError('CLOSED', 'the filesystem is closed', { outcome: 'not-applied' });
    const lease = await checkOut(pool, { context, timeoutMs: checkoutTimeoutMs });
    this.#leases.add(lease);
    try {
      return await use(lease);
    } finally {
      this.#leases.delete(lease);
      lease.release();
    }
  }

  #configOf({ statement, values }: SqlQuery): QueryConfig {
    const config = { text: statement.text, values: [...values], types: ROW_TYPES };
    return this.#parts.preparedStatements ? { ...config, name: this.#nameOf(statement) } : config;
  }

  /** The same text has the same name on every connection, and other texts have others, whoever else uses the pool. */
  #nameOf(statement: SqlStatement): string {
    const known = this.#names.get(statement);
    if (known !== undefined) return known;
    const digest = createHash('sha256').update(statement.text).digest('hex');
    const name = `holdfast_${statement.name}_${digest.slice(0, 16)}`;
    this.#names.set(statement, name);
    return name;
  }
}

function changedRows({ rowCount }: QueryResult): number {
  return rowCount ?? 0;
}
