import { expect, test } from 'vitest';
import { postgresProfile } from '../postgres/postgres-profile.ts';
import type { SqlProfile } from '../profile.ts';
import { sqliteProfile } from '../sqlite/sqlite-profile.ts';
import { migrationKysely } from './migration-connection.ts';
import { createMigrations } from './migrations.ts';
import { nameTables } from './tables.ts';

/** The statements of every migration. */
async function statementsOf(profile: SqlProfile, schema?: string): Promise<string[]> {
  const texts: string[] = [];
  const nothing = async (): Promise<void> => {};
  const execute = async (text: string): Promise<[]> => {
    texts.push(text);
    return [];
  };
  const db = migrationKysely(profile, { execute, begin: nothing, commit: nothing, rollBack: nothing });
  const tables = nameTables({ tablePrefix: 'p_', schema }, profile);
  for (const migration of Object.values(createMigrations(profile, tables))) await migration.up(db);
  return texts;
}

// What a database has recorded by its name has run, so none of this may ever change.
test('the migrations of SQLite are these', async () => {
  expect(await statementsOf(sqliteProfile)).toEqual([
    'create table "p_entries" ("path" text not null primary key, "kind" text, "content_type" text not null, ' +
      '"indexed" text, "version" text not null, "body" blob not null) strict',
    `create index "p_entries_child" on "p_entries" (replace("path", '/', char(1)))`,
  ]);
});

test('where the index is what has a schema, its table has none', async () => {
  const [, index] = await statementsOf(sqliteProfile, 'main');
  expect(index).toBe(`create index "main"."p_entries_child" on "p_entries" (replace("path", '/', char(1)))`);
});

test('another dialect has its own types and functions, and qualified names', async () => {
  const text = 'pg_catalog.text collate pg_catalog."C"';
  expect(await statementsOf(postgresProfile, 's')).toEqual([
    `create table "s"."p_entries" ("path" ${text} not null primary key, "kind" ${text}, ` +
      `"content_type" ${text} not null, "indexed" ${text}, "version" ${text} not null, ` +
      '"body" pg_catalog.bytea not null)',
    `create index "p_entries_child" on "s"."p_entries" (pg_catalog.replace("path", '/', pg_catalog.chr(1)))`,
  ]);
});
