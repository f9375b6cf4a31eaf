import { sql, type RawBuilder } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { SqlProfile } from '../profile.ts';
import { childKeySql } from '../statements/child-key.ts';
import type { Tables } from './tables.ts';

/**
 * Every migration, by name, in the order of the names. One that was released is never changed: what a database
 * has recorded by that name has run.
 */
export function createMigrations(profile: SqlProfile, tables: Tables): Readonly<Record<string, Migration>> {
  return { '0001_entries': createEntries(profile, tables) };
}

function createEntries(profile: SqlProfile, tables: Tables): Migration {
  const text = sql.raw<string>(profile.types.text);
  const bytes = sql.raw<Uint8Array>(profile.types.bytes);
  return {
    async up(db) {
      const schema = tables.schema === undefined ? db.schema : db.schema.withSchema(tables.schema);
      const table = schema
        .createTable(tables.entries)
        .addColumn('path', text, (column) => column.notNull().primaryKey())
        .addColumn('kind', text)
        .addColumn('content_type', text, (column) => column.notNull())
        .addColumn('indexed', text)
        .addColumn('version', text, (column) => column.notNull())
        .addColumn('body', bytes, (column) => column.notNull());
      const { tableOptions } = profile;
      await (tableOptions === undefined ? table : table.modifyEnd(sql.raw(tableOptions))).execute();
      await childIndex(profile, tables).execute(db);
    },
  };
}

function childIndex(profile: SqlProfile, { schema, childIndex: name, entries }: Tables): RawBuilder<unknown> {
  const qualified = (id: string): RawBuilder<unknown> => (schema === undefined ? sql.id(id) : sql.id(schema, id));
  const onIndex = profile.schemaOfIndex === 'on-index';
  const index = onIndex ? qualified(name) : sql.id(name);
  const table = onIndex ? sql.id(entries) : qualified(entries);
  return sql`create index ${index} on ${table} (${childKeySql(profile).key})`;
}
