import { isHoldfastError } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';
import {
  fragileSqliteProfile,
  groupStatements,
  isOnlyChecks,
  resultOfChecks,
  type GroupResult,
  type SqlDriver,
  type SqlQuery,
  type SqlRow,
  type Tables,
  type WriteContext,
  type WriteGroup,
} from '@holdfast/sql';
import { BatchWrite, type BatchWriteParts } from './batch-write.ts';
import { bind, bindQuery } from './bind.ts';
import type { LibsqlConnection } from './connection.ts';

/** Runs the statements of a filesystem on one connection. */
export class LibsqlDriver implements SqlDriver {
  readonly readTogether?: NonNullable<SqlDriver['readTogether']>;
  readonly #parts: BatchWriteParts;

  constructor(connection: LibsqlConnection, tables: Tables) {
    this.#parts = { connection, statements: groupStatements(fragileSqliteProfile, tables) };
    const together = connection.readTogether?.bind(connection);
    if (together !== undefined) this.readTogether = (queries, context) => together(queries.map(bindQuery), context);
  }

  read(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]> {
    return this.#parts.connection.read(bindQuery(query), context);
  }

  async write(groups: readonly WriteGroup[], context: WriteContext): Promise<readonly GroupResult[]> {
    if (groups.every(isOnlyChecks)) return Promise.all(groups.map((group) => this.#check(group, context)));
    return (await new BatchWrite(this.#parts, groups, context).run()) as readonly GroupResult[];
  }

  async close(): Promise<void> {
    this.#parts.connection.close();
  }

  /** By one statement, which sees one state of the database. */
  async #check(group: WriteGroup, context: OperationContext): Promise<GroupResult> {
    const { connection, statements } = this.#parts;
    const { text, values } = statements.look(group);
    try {
      const rows = await connection.read(bind(text, values), context);
      return resultOfChecks(group, statements.seenIn(rows).unmet);
    } catch (error) {
      if (isHoldfastError(error)) return { error };
      throw error;
    }
  }
}
