import { isHoldfastError } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';
import type {
  GetStatement,
  GroupResult,
  SqlDriver,
  SqlQuery,
  SqlRow,
  Tables,
  WriteContext,
  WriteGroup,
} from '@holdfast/sql';
import { BatchStatement } from './batch-statement.ts';
import { BatchWrite, type BatchWriteParts } from './batch-write.ts';
import type { Checkouts } from './checkouts.ts';
import { ChecksStatement } from './checks-statement.ts';
import { isRefusal } from './errors.ts';
import { GetsStatement } from './gets-statement.ts';
import { ManyRead } from './many-read.ts';
import type { OwnPool } from './own-pool.ts';
import { Sender } from './sender.ts';
import { tableName } from './table-name.ts';
import { TableSize } from './table-size.ts';

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
  readonly #sender: Sender;
  readonly #size: TableSize;
  readonly #getsStatement: GetsStatement;
  readonly #writing: BatchWriteParts;

  constructor(parts: PostgresDriverParts) {
    this.#parts = parts;
    this.#sender = new Sender(parts.checkouts, parts);
    this.#size = new TableSize(tableName(parts.tables));
    this.#getsStatement = new GetsStatement(parts.tables, this.#size);
    this.#writing = {
      sender: this.#sender,
      batchStatement: new BatchStatement(parts.tables, this.#size),
      checksStatement: new ChecksStatement(parts.tables),
    };
  }

  async read(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]> {
    const { rows } = await this.#sender.sendQuery(query, context);
    return rows;
  }

  async readTogether(
    queries: readonly SqlQuery[],
    context: OperationContext,
  ): Promise<readonly (readonly SqlRow[] | undefined)[]> {
    const paths = queries.map(({ values }) => String(values[0]));
    const make = () => this.#sender.plannedFor(this.#size.name, 'gets', this.#getsStatement.query(paths));
    try {
      const { rows } = await this.#sender.send({ make }, context);
      const answers: (readonly SqlRow[] | undefined)[] = queries.map(() => []);
      this.#getsStatement.place(paths, rows, (place, row) => {
        answers[place] = row && [row];
      });
      return answers;
    } catch (error) {
      // What the server refuses may be the fault of one.
      if (isHoldfastError(error) && isRefusal(error)) return [];
      throw error;
    }
  }

  readMany(get: GetStatement, paths: readonly string[], context: OperationContext): Promise<(SqlRow | undefined)[]> {
    const parts = { sender: this.#sender, getsStatement: this.#getsStatement, size: this.#size };
    return new ManyRead(parts, get, paths, context).run();
  }

  async write(groups: readonly WriteGroup[], context: WriteContext): Promise<readonly GroupResult[]> {
    return (await new BatchWrite(this.#writing, groups, context).run()) as readonly GroupResult[];
  }

  /** Ends the statements that still run, and a pool of ours. */
  async close(): Promise<void> {
    const { checkouts, ownPool } = this.#parts;
    checkouts.close();
    // A pool of ours has ended before its connections have: an error of theirs would still end the process.
    if (ownPool === undefined) checkouts.unwatch();
    else await ownPool.end();
  }
}
