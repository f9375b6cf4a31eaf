import { createHash } from 'node:crypto';
import { isHoldfastError } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';
import type { ConditionalWrite, SqlDriver, SqlQuery, SqlRow, SqlStatement, WriteResult } from '@holdfast/sql';
import type { QueryConfig, QueryResult } from 'pg';
import type { Checkouts } from './checkouts.ts';
import type { Lease } from './lease.ts';
import type { OwnPool } from './own-pool.ts';

/** What a driver works with. */
export interface PostgresDriverParts {
  readonly checkouts: Checkouts;
  /** The pool, if `close` ends it. */
  readonly ownPool: OwnPool | undefined;
  readonly preparedStatements: boolean;
}

/** Runs the statements of a filesystem on the connections of a pool: one round trip each, in no transaction. */
export class PostgresDriver implements SqlDriver {
  readonly #parts: PostgresDriverParts;
  readonly #names = new WeakMap<SqlStatement, string>();

  constructor(parts: PostgresDriverParts) {
    this.#parts = parts;
  }

  async read(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]> {
    const { rows } = await this.#parts.checkouts.run(context, (lease) => lease.queryAlone(this.#configOf(query)));
    return rows;
  }

  write(writes: readonly ConditionalWrite[], context: OperationContext): Promise<readonly WriteResult[]> {
    return this.#parts.checkouts.run(context, async (lease) => {
      const results: WriteResult[] = [];
      for (const { query } of writes) results.push(await this.#writeOne(lease, query));
      return results;
    });
  }

  /** Ends the statements that still run, and a pool of ours. */
  async close(): Promise<void> {
    const { checkouts, ownPool } = this.#parts;
    checkouts.close();
    // A pool of ours has ended before its connections have: an error of theirs would still end the process.
    if (ownPool === undefined) checkouts.unwatch();
    else await ownPool.end();
  }

  async #writeOne(lease: Lease, query: SqlQuery): Promise<WriteResult> {
    try {
      return { changed: changedRows(await lease.queryAlone(this.#configOf(query))) };
    } catch (error) {
      if (isHoldfastError(error)) return { error };
      throw error;
    }
  }

  #configOf({ statement, values }: SqlQuery): QueryConfig {
    const config = { text: statement.text, values: [...values] };
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
