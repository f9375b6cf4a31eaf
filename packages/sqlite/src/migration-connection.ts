import type { MigrationConnection, SqlRow } from '@holdfast/sql';
import { retryWhileBusy } from './busy-retry.ts';
import type { SqliteConnection } from './connection.ts';
import { sqliteError } from './errors.ts';
import { NO_DEADLINE } from './no-deadline.ts';

/** Runs migrations. Its transactions take the write lock at the start, and wait for it like everything else. */
export class SqliteMigrationConnection implements MigrationConnection {
  readonly #connection: SqliteConnection;
  readonly #busyTimeoutMs: number;
  #inTransaction = false;

  constructor(connection: SqliteConnection, busyTimeoutMs: number) {
    this.#connection = connection;
    this.#busyTimeoutMs = busyTimeoutMs;
  }

  async execute(text: string, values: readonly unknown[]): Promise<readonly SqlRow[]> {
    const run = (): readonly SqlRow[] => this.#run(text, values);
    if (this.#inTransaction) return run();
    return retryWhileBusy(
      { run: () => this.#connection.exclusively(run) },
      { busyTimeoutMs: this.#busyTimeoutMs, context: NO_DEADLINE },
    );
  }

  async begin(): Promise<void> {
    await this.execute('begin immediate', []);
    this.#inTransaction = true;
  }

  async commit(): Promise<void> {
    await this.execute('commit', []);
    this.#inTransaction = false;
  }

  async rollBack(): Promise<void> {
    this.#inTransaction = false;
    if (this.#connection.database.inTransaction) this.#run('rollback', []);
  }

  #run(text: string, values: readonly unknown[]): readonly SqlRow[] {
    try {
      // Not kept: none of them runs again.
      const statement = this.#connection.database.prepare(text);
      if (statement.reader) return statement.all(...values) as readonly SqlRow[];
      statement.run(...values);
      return [];
    } catch (error) {
      throw sqliteError(error, 'not-applied');
    }
  }
}
