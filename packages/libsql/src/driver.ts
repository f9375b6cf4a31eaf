import { isHoldfastError } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';
import {
  versionIn,
  type ConditionalWrite,
  type SqlDriver,
  type SqlQuery,
  type SqlRow,
  type WriteResult,
} from '@holdfast/sql';
import { bindQuery } from './bind.ts';
import type { LibsqlConnection } from './connection.ts';

/** Runs the statements of a filesystem on one connection. */
export class LibsqlDriver implements SqlDriver {
  readonly #connection: LibsqlConnection;

  constructor(connection: LibsqlConnection) {
    this.#connection = connection;
  }

  read(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]> {
    return this.#connection.read(bindQuery(query), context);
  }

  async write(writes: readonly ConditionalWrite[], context: OperationContext): Promise<readonly WriteResult[]> {
    try {
      return await this.#writeTogether(writes, context);
    } catch (error) {
      // One that fails must not fail the others; all of them were undone, so each can be tried by itself.
      const divisible = isHoldfastError(error) && error.outcome === 'not-applied' && !error.retryable;
      if (writes.length === 1 || !divisible) throw error;
      return this.#writeOneByOne(writes, context);
    }
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  async #writeTogether(writes: readonly ConditionalWrite[], context: OperationContext): Promise<WriteResult[]> {
    const statements = writes.map(({ query }) => bindQuery(query));
    const lost = async (): Promise<boolean> => {
      const each = await Promise.all(writes.map((write) => this.#isLost(write, context)));
      return each.every(Boolean);
    };
    const changes = await this.#connection.write(statements, context, lost);
    return changes.map((changed) => ({ changed }));
  }

  async #writeOneByOne(writes: readonly ConditionalWrite[], context: OperationContext): Promise<WriteResult[]> {
    const results: WriteResult[] = [];
    for (const write of writes) {
      try {
        results.push(...(await this.#writeTogether([write], context)));
      } catch (error) {
        if (!isHoldfastError(error)) throw error;
        results.push({ error });
      }
    }
    return results;
  }

  /** Whether what a write expects is already not so. A write that waited for the lock has often lost by then. */
  async #isLost({ expects }: ConditionalWrite, context: OperationContext): Promise<boolean> {
    if (expects === undefined) return false;
    try {
      // Without a log also reads find a file locked, and the write has only one `busyTimeoutMs` to wait.
      const rows = await this.#connection.read(bindQuery(expects.query), context, { now: true });
      return versionIn(rows) !== expects.version;
    } catch {
      // The write itself will tell.
      return false;
    }
  }
}
