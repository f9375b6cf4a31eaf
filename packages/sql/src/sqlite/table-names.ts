import type { DatabaseIntrospector, Kysely, SchemaMetadata, TableMetadata } from 'kysely';

/**
 * Tells Kysely's migrator which tables there are, and nothing more. Kysely's own introspection also reads the
 * columns of every table, which fails in a database that has a virtual table whose module is not loaded.
 */
export class SqliteTableNames implements DatabaseIntrospector {
  readonly #db: Kysely<unknown>;

  constructor(db: Kysely<unknown>) {
    this.#db = db;
  }

  getSchemas(): Promise<SchemaMetadata[]> {
    return Promise.resolve([{ name: 'main' }]);
  }

  async getTables(): Promise<TableMetadata[]> {
    const db = this.#db as Kysely<{ 'main.sqlite_master': { name: string; type: string } }>;
    const tables = await db.selectFrom('main.sqlite_master').select('name').where('type', '=', 'table').execute();
    return tables.map(({ name }) => ({ name, schema: 'main', isView: false, isForeign: false, columns: [] }));
  }
}
