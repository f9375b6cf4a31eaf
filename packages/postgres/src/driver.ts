import { createHash } from 'node:crypto';
import { isHoldfastError } from '@holdfast/core';
import { mintVersion, type OperationContext } from '@holdfast/core/adapter';
import {
  isOnlyChecks,
  onlyWriteOf,
  resultOfOne,
  type GroupResult,
  type SqlDriver,
  type SqlQuery,
  type SqlRow,
  type SqlStatement,
  type Tables,
  type WriteGroup,
} from '@holdfast/sql';
import type { QueryConfig, QueryResult } from 'pg';
import type { Checkouts } from './checkouts.ts';
import { ChecksStatement } from './checks-statement.ts';
import { GroupStatement } from './group-statement.ts';
import type { OwnPool } from './own-pool.ts';
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
  readonly #names = new WeakMap<SqlStatement, string>();
  readonly #groupStatement: GroupStatement;
  readonly #checksStatement: ChecksStatement;

  constructor(parts: PostgresDriverParts) {
    this.#parts = parts;
    this.#groupStatement = new GroupStatement(parts.tables);
    this.#checksStatement = new ChecksStatement(parts.tables);
  }

  async read(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]> {
    const { rows } = await this.#send(this.#configOf(query), context);
    return rows;
  }

  async write(groups: readonly WriteGroup[], context: OperationContext): Promise<readonly GroupResult[]> {
    const results: GroupResult[] = [];
    for (const group of groups) results.push(await this.#writeGroup(group, context));
    return results;
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
    const statement = isOnlyChecks(group) ? this.#checksStatement : this.#groupStatement;
    // Planned each time, for the tables as they are: a plan that is kept may be one for an empty table.
    const [result] = [await this.#send(statement.query(group, mintVersion()), context)].flat();
    return statement.resultOf(group, result?.rows ?? []);
  }

  /** One round trip, and one more for each time that others got in the way: who pauses has no connection meanwhile. */
  #send(config: QueryConfig, context: OperationContext): Promise<QueryResult<Record<string, unknown>>> {
    const { checkouts } = this.#parts;
    return untilThrough(() => checkouts.run(context, (lease) => lease.queryAlone(config)), context);
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
