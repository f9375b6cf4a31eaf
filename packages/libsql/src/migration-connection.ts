import type { OperationContext } from '@holdfast/core/adapter';
import type { MigrationConnection, SqlRow } from '@holdfast/sql';
import { bind } from './bind.ts';
import type { LibsqlStatement } from './client.ts';
import type { LibsqlConnection } from './connection.ts';
import { writeStatements } from './work.ts';

/**
 * Runs migrations. What a transaction writes is kept until its commit and then sent as one batch, all or none: a
 * server ends a transaction that takes longer than five seconds, and on a slow network several processes that
 * start at once would end each other's.
 *
 * So a transaction keeps nobody out from its beginning. It need not: the last statement of each migration records
 * it under its name, which is the key of that table. Of several that run the same migration one commits, the
 * batch of every other fails as a whole, and `migrate` looks again and finds the work done.
 */
export class LibsqlMigrationConnection implements MigrationConnection {
  readonly #connection: LibsqlConnection;
  readonly #context: OperationContext;
  #kept: LibsqlStatement[] | undefined;

  constructor(connection: LibsqlConnection, context: OperationContext) {
    this.#connection = connection;
    this.#context = context;
  }

  async execute(text: string, values: readonly unknown[]): Promise<readonly SqlRow[]> {
    const statement = bind(text, values);
    const reads = /^\s*(select|pragma|with)\b/i.test(text);
    if (reads && this.#kept !== undefined && this.#kept.length > 0) {
      throw new TypeError('a migration must not read after it has written');
    }
    if (reads) return this.#connection.read(statement, this.#context);
    if (this.#kept === undefined) await writeStatements(this.#connection, [statement], this.#context);
    else this.#kept.push(statement);
    return [];
  }

  async begin(): Promise<void> {
    this.#kept = [];
  }

  async commit(): Promise<void> {
    const kept = this.#kept ?? [];
    this.#kept = undefined;
    if (kept.length > 0) await writeStatements(this.#connection, kept, this.#context);
  }

  async rollBack(): Promise<void> {
    this.#kept = undefined;
  }
}
