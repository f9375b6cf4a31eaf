import { type MigrationConnection, type SqlRow, NO_DEADLINE } from '@holdfast/sql';
import { retryWhileBusy } from './busy-retry.ts';
import type { SqliteConnection } from './connection.ts';
import { sqliteError } from './errors.ts';

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
    if (this.#inTransaction) return this.#retry(() => this.#connection.withoutWaiting(() => this.#run(text, values)));
    return this.#retry(() => this.#connection.exclusively(() => this.#run(text, values)));
  }

  async begin(): Promise<void> {
    await this.#retry(() => this.#connection.exclusively(() => this.#begin()));
    this.#inTransaction = true;
  }

  /** With a rollback journal a commit waits for the readers; the transaction stays as it is meanwhile. */
  async commit(): Promise<void> {
    await this.execute('commit', []);
    this.#inTransaction = false;
  }

  async rollBack(): Promise<void> {
    this.#inTransaction = false;
    this.#connection.withoutWaiting(() => this.#connection.rollBack());
  }

  #retry<T>(run: () => T): Promise<T> {
    return retryWhileBusy({ run }, { busyTimeoutMs: this.#busyTimeoutMs, context: NO_DEADLINE });
  }

  #begin(): void {
    try {
      this.#connection.begin();
    } catch (error) {
      this.#connection.rollBack();
      throw sqliteError(error, 'not-applied');
    }
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
