import { createClient } from '@libsql/client';
import {
  migrate,
  migrationKysely,
  nameTables,
  NO_DEADLINE,
  fragileSqliteProfile,
  type MigrationConnection,
} from '@holdfast/sql';
import { expect, test } from 'vitest';
import { FileConnection } from './file-connection.ts';
import { LibsqlMigrationConnection } from './migration-connection.ts';

function open() {
  const client = createClient({ url: ':memory:' });
  const connection = new FileConnection({ client, owned: true, file: '', busyTimeoutMs: 0 });
  const names = async (): Promise<unknown[]> => {
    const { rows } = await client.execute("select name from sqlite_master where type = 'table' order by name");
    return rows.map(({ name }) => name);
  };
  return { client, names, migrations: () => new LibsqlMigrationConnection(connection, NO_DEADLINE) };
}

test('a transaction that fails leaves nothing half made, and can be tried again', async () => {
  const { names, migrations } = open();
  const connection = migrations();
  await connection.begin();
  await connection.execute('create table a (id integer)', []);
  await connection.execute('create table a (id integer)', []);
  expect(await names()).toEqual([]);
  await expect(connection.commit()).rejects.toMatchObject({ code: 'SCHEMA_UNSUPPORTED', outcome: 'not-applied' });
  expect(await names()).toEqual([]);
  await connection.rollBack();
  await connection.begin();
  await connection.execute('create table a (id integer)', []);
  await connection.rollBack();
  await connection.begin();
  await connection.commit();
  expect(await names()).toEqual([]);
});

test('of two that migrate in step one does it, and the other finds it done', async () => {
  const { names, migrations } = open();
  const tables = nameTables({}, fragileSqliteProfile);
  let arrived = 0;
  let both = (): void => {};
  const together = new Promise<void>((resolve) => (both = resolve));
  /** Commits only when the other one wants to as well: both have read that nothing is there yet. */
  const inStep = (connection: MigrationConnection): MigrationConnection => ({
    execute: (text, values) => connection.execute(text, values),
    begin: () => connection.begin(),
    rollBack: () => connection.rollBack(),
    async commit() {
      arrived += 1;
      if (arrived === 2) both();
      await together;
      await connection.commit();
    },
  });
  const run = () =>
    migrate({
      db: migrationKysely(fragileSqliteProfile, inStep(migrations())),
      profile: fragileSqliteProfile,
      tables,
      mode: 'auto',
    });
  await Promise.all([run(), run()]);
  expect(arrived).toBe(2);
  expect(await names()).toEqual(['holdfast_entries', 'holdfast_migration', 'holdfast_migration_lock']);
});

test('a migration that would read what it has written is refused, since it would not see it', async () => {
  const connection = open().migrations();
  await connection.begin();
  expect(await connection.execute('select 1 as one', [])).toEqual([{ one: 1 }]);
  await connection.execute('create table a (id integer)', []);
  await expect(connection.execute('select * from a', [])).rejects.toThrow(TypeError);
});
