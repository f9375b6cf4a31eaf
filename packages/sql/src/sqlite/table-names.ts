import type { DatabaseIntrospector, Kysely, TableMetadata } from 'kysely';

/**
 * Tells Kysely's migrator which tables there are, and nothing more. Kysely's own introspection also reads the
 * columns of every table, which fails in a database that has a virtual table whose module is not loaded.
 */
export class SqliteTableNames implements DatabaseIntrospector {
  readonly #db: Kysely<unknown>;

  constructor(db: Kysely<unknown>) {
    this.#db = db;
  }

  getSchemas(): Promise<[]> {
    return Promise.resolve([]);
  }

  async getTables(): Promise<TableMetadata[]> {
    const db = this.#db as Kysely<{ sqlite_master: { name: string; type: string } }>;
    const tables = await db.selectFrom('sqlite_master').select('name').where('type', '=', 'table').execute();
    return tables.map(({ name }) => ({ name, isView: false, isForeign: false, columns: [] }));
  }
}
