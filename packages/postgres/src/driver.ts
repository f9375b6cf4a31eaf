import { createHash } from 'node:crypto';
import { isHoldfastError, type HoldfastError } from '@holdfast/core';
import { mintVersion, restated, type OperationContext } from '@holdfast/core/adapter';
import {
  isOnlyChecks,
  onlyWriteOf,
  resultOfOne,
  type GroupResult,
  type SqlDriver,
  type SqlQuery,
  type SqlRow,
  type Tables,
  type WriteGroup,
} from '@holdfast/sql';
import type { QueryConfig, QueryResult } from 'pg';
import { BatchStatement, type BatchResult } from './batch-statement.ts';
import { batchesOf } from './batches-of.ts';
import type { Checkouts } from './checkouts.ts';
import { ChecksStatement } from './checks-statement.ts';
import { sqlState } from './errors.ts';
import { GetsStatement } from './gets-statement.ts';
import type { OwnPool } from './own-pool.ts';
import { tableName } from './table-name.ts';
import { TableSize } from './table-size.ts';
import { untilThrough } from './through.ts';

/** What a driver works with. */
export interface PostgresDriverParts {
  readonly checkouts: Checkouts;
  /** The pool, if `close` ends it. */
  readonly ownPool: OwnPool | undefined;
  readonly preparedStatements: boolean;
  readonly tables: Tables;
}

/** Runs the statements of a filesystem on the connections of a pool: one round trip each, a transaction of its own. */
export class PostgresDriver implements SqlDriver {
  readonly #parts: PostgresDriverParts;
  readonly #names = new Map<string, string>();
  readonly #size: TableSize;
  readonly #batchStatement: BatchStatement;
  readonly #getsStatement: GetsStatement;
  readonly #checksStatement: ChecksStatement;

  constructor(parts: PostgresDriverParts) {
    this.#parts = parts;
    this.#size = new TableSize(tableName(parts.tables));
    this.#batchStatement = new BatchStatement(parts.tables, this.#size);
    this.#getsStatement = new GetsStatement(parts.tables, this.#size);
    this.#checksStatement = new ChecksStatement(parts.tables);
  }

  async read(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]> {
    const { rows } = await this.#send(this.#configOf(query), context);
    return rows;
  }

  async readTogether(
    queries: readonly SqlQuery[],
    context: OperationContext,
  ): Promise<readonly (readonly SqlRow[] | undefined)[]> {
    try {
      const config = this.#getsStatement.query(queries);
      const { rows } = await this.#send(this.#plannedFor(this.#size.name, 'gets', config), context);
      return this.#getsStatement.rowsOf(queries, rows);
    } catch (error) {
      // What the server refuses may be the fault of one.
      if (isHoldfastError(error) && isRefusal(error)) return [];
      throw error;
    }
  }

  async write(groups: readonly WriteGroup[], context: OperationContext): Promise<readonly GroupResult[]> {
    const results = new Map<WriteGroup, GroupResult>();
    for (const batch of batchesOf(groups)) {
      for (const [group, result] of await this.#writeBatch(batch, context)) results.set(group, result);
    }
    return groups.map((group) => results.get(group) as GroupResult);
  }

  /** Ends the statements that still run, and a pool of ours. */
  async close(): Promise<void> {
    const { checkouts, ownPool } = this.#parts;
    checkouts.close();
    // A pool of ours has ended before its connections have: an error of theirs would still end the process.
    if (ownPool === undefined) checkouts.unwatch();
    else await ownPool.end();
  }

  async #writeGroup(group: WriteGroup, context: OperationContext): Promise<GroupResult> {
    const only = onlyWriteOf(group);
    try {
      if (only === undefined) return await this.#writeMembers(group, context);
      return resultOfOne(only, changedRows(await this.#send(this.#configOf(only.query), context)));
    } catch (error) {
      if (isHoldfastError(error)) return { error };
      throw error;
    }
  }

  async #writeMembers(group: WriteGroup, context: OperationContext): Promise<GroupResult> {
    if (isOnlyChecks(group)) {
      // Planned each time, for the table as it is.
      const { rows } = await this.#send(this.#checksStatement.query(group), context);
      return this.#checksStatement.resultOf(group, rows);
    }
    const [result] = await this.#sendBatch([group], context);
    if (result === undefined || 'alone' in result) throw new TypeError('a group by itself has a result');
    return result;
  }

  /** Writes groups that have no path in common: all at once, and then each that has to wait by itself. */
  async #writeBatch(
    batch: readonly WriteGroup[],
    context: OperationContext,
  ): Promise<readonly (readonly [WriteGroup, GroupResult])[]> {
    const together = batch.filter((group) => !isOnlyChecks(group));
    const results = together.length > 1 ? await this.#writeTogether(together, context) : [];
    return Promise.all(
      batch.map(async (group) => {
        const result = results[together.indexOf(group)] ?? ALONE;
        return [group, 'alone' in result ? await this.#writeGroup(group, context) : result] as const;
      }),
    );
  }

  async #writeTogether(batch: readonly WriteGroup[], context: OperationContext): Promise<readonly BatchResult[]> {
    try {
      return await this.#sendBatch(batch, context);
    } catch (error) {
      if (!isHoldfastError(error)) throw error;
      // What the server refuses is refused for all of them, and may be the fault of one.
      return batch.map(() => (isRefusal(error) ? ALONE : { error: restated(error, { outcome: error.outcome }) }));
    }
  }

  async #sendBatch(batch: readonly WriteGroup[], context: OperationContext): Promise<readonly BatchResult[]> {
    const { config, plannedFor } = this.#batchStatement.query(batch, mintVersion());
    const [result] = [await this.#send(this.#plannedFor(plannedFor, 'batch', config), context)].flat();
    return this.#batchStatement.resultsOf(batch, result?.rows ?? []);
  }

  /** One round trip, and one more for each time that others got in the way: who pauses has no connection meanwhile. */
  #send(config: QueryConfig, context: OperationContext): Promise<QueryResult<Record<string, unknown>>> {
    const { checkouts } = this.#parts;
    return untilThrough(() => checkouts.run(context, (lease) => lease.queryAlone(config)), context);
  }

  #configOf({ statement, values }: SqlQuery): QueryConfig {
    const { name, text } = statement;
    const config = { text, values: [...values] };
    return this.#parts.preparedStatements ? { ...config, name: this.#nameOf(name, text) } : config;
  }

  /** A statement whose plan is kept for tables of one size; planned each time where that is not known. */
  #plannedFor(size: string | undefined, name: string, config: QueryConfig): QueryConfig {
    if (size === undefined || !this.#parts.preparedStatements) return config;
    return { ...config, name: this.#nameOf(`${name}${size}`, config.text) };
  }

  /** The same text has the same name on every connection, and other texts have others, whoever else uses the pool. */
  #nameOf(name: string, text: string): string {
    const key = `${name}\0${text}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const digest = createHash('sha256').update(text).digest('hex');
    const unique = `holdfast_${name}_${digest.slice(0, 16)}`;
    this.#names.set(key, unique);
    return unique;
  }
}

const ALONE: BatchResult = { alone: true };

/** Whether the server has refused a statement and is there for the next. */
function isRefusal(error: HoldfastError): boolean {
  return error.outcome === 'not-applied' && sqlState(error.rawCause()) !== undefined;
}

function changedRows({ rowCount }: QueryResult): number {
  return rowCount ?? 0;
}
