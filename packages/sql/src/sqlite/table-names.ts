import { sql, type DatabaseIntrospector, type Kysely, type SchemaMetadata, type TableMetadata } from 'kysely';
import { decodeText } from '../rows/text.ts';

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
    const { rows } = await sql<{ readonly name: unknown }>`
      select cast(name as blob) as name from main.sqlite_master where type = 'table'
    `.execute(this.#db);
    // One of ours is always text.
    const names = rows.map(({ name }) => decodeText(name)).filter((name) => typeof name === 'string');
    return names.map((name) => ({ name, schema: 'main', isView: false, isForeign: false, columns: [] }));
  }
}
