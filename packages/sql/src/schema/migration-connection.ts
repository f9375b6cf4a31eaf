import { Kysely, type CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely';
import type { SqlRow } from '../driver.ts';
import type { SqlProfile } from '../profile.ts';

/**
 * One connection to migrate on, for adapters whose database Kysely has no driver for. A transaction must keep
 * every other migration out from its beginning, not only from its first write; that is what makes several
 * processes safe that start at once.
 */
export interface MigrationConnection {
  execute(text: string, values: readonly unknown[]): Promise<readonly SqlRow[]>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  /** Also called when a statement or the commit has ended the transaction already. */
  rollBack(): Promise<void>;
}

/** A Kysely that runs on a {@link MigrationConnection}. It closes nothing. */
export function migrationKysely(profile: SqlProfile, connection: MigrationConnection): Kysely<unknown> {
  return new Kysely({
    dialect: {
      createAdapter: () => profile.createAdapter(),
      createDriver: () => new MigrationDriver(connection),
      createIntrospector: (db) => profile.createIntrospector(db),
      createQueryCompiler: () => profile.createQueryCompiler(),
    },
  });
}

class MigrationDriver implements Driver, DatabaseConnection {
  readonly #connection: MigrationConnection;

  constructor(connection: MigrationConnection) {
    this.#connection = connection;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this;
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}

  beginTransaction(): Promise<void> {
    return this.#connection.begin();
  }

  commitTransaction(): Promise<void> {
    return this.#connection.commit();
  }

  rollbackTransaction(): Promise<void> {
    return this.#connection.rollBack();
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    return { rows: (await this.#connection.execute(sql, parameters)) as R[] };
  }

  streamQuery(): never {
    throw new TypeError('migrations do not stream');
  }
}
