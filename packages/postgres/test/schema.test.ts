import { startChildren } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { openPostgres } from '../src/index.ts';
import { refusal, rejection } from './support/rejection.ts';
import { makeScratchDatabase, makeScratchSchema, runSql } from './support/scratch-schema.ts';

const openAtOnce = new URL('children/open-at-once.ts', import.meta.url);
const entry = { body: new Uint8Array([1]) };

const ROUNDS = process.env['HOLDFAST_LONG'] === '1' ? 10 : 1;

/** Only ends a test that hangs: starting 8 processes takes long where there are few processors. */
const MANY_PROCESSES_MS = 180_000;

test(
  '8 processes that open an empty database at the same moment all succeed, and the schema is made once',
  async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await using database = await makeScratchDatabase('');
      const { connectionString } = database;
      const children = await startChildren(8, openAtOnce, connectionString, 'records');
      expect(await Promise.all(children.map((child) => child.tell()))).toEqual(Array(8).fill('written'));
      await using store = await openPostgres({ config: { connectionString }, schema: 'records', migrate: 'verify' });
      expect((await store.list('/opened')).children).toHaveLength(8);
      const migrations = await runSql(connectionString, 'select name from records.holdfast_migration');
      expect(migrations).toEqual([{ name: '0001_entries' }]);
    }
  },
  MANY_PROCESSES_MS,
);

test(
  'the same holds where transactions are serializable by default',
  async () => {
    await using database = await makeScratchDatabase('');
    const { connectionString } = database;
    const name = new URL(connectionString).pathname.slice(1);
    await runSql(connectionString, `alter database ${name} set default_transaction_isolation = 'serializable'`);
    const children = await startChildren(8, openAtOnce, connectionString, 'records');
    expect(await Promise.all(children.map((child) => child.tell()))).toEqual(Array(8).fill('written'));
  },
  MANY_PROCESSES_MS,
);

test("migrate: 'verify' takes a complete schema and refuses a missing one, which it does not create", async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const config = { connectionString };
  expect(await refusal(openPostgres({ config, schema, migrate: 'verify' }))).toBe('SCHEMA_UNSUPPORTED');
  expect(await runSql(connectionString, `select 1 from pg_namespace where nspname = '${schema}'`)).toEqual([]);
  await (await openPostgres({ config, schema })).close();
  await using store = await openPostgres({ config, schema, migrate: 'verify' });
  await store.put('/a', entry, 'absent');
});

test("migrate: 'off' does not look, and what misses its tables says so", async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const config = { connectionString };
  await using store = await openPostgres({ config, schema, migrate: 'off' });
  expect(await refusal(store.get('/a'))).toBe('SCHEMA_UNSUPPORTED');
  expect(await refusal(store.put('/a', entry, 'any'))).toBe('SCHEMA_UNSUPPORTED not-applied');
  await (await openPostgres({ config, schema })).close();
  await store.put('/a', entry, 'absent');
});

test('a schema of a newer release is refused, with what to do, and is left alone', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const config = { connectionString };
  await (await openPostgres({ config, schema })).close();
  await runSql(connectionString, `insert into ${schema}.holdfast_migration values ('9999_future', '2099-01-01')`);
  for (const migrate of ['auto', 'verify'] as const) {
    const error = await rejection(openPostgres({ config, schema, migrate }));
    expect(error).toMatchObject({ code: 'SCHEMA_UNSUPPORTED', operation: 'open' });
    expect(error.message).toContain('upgrade the package');
  }
});

test.each(['table holdfast_entries (theirs text)', 'view holdfast_entries as select 1 as theirs'])(
  "somebody else's %s is refused and not touched",
  async (theirs) => {
    await using scratch = makeScratchSchema();
    const { connectionString, schema } = scratch;
    await runSql(connectionString, `create schema ${schema}; set search_path = ${schema}; create ${theirs}`);
    expect(await refusal(openPostgres({ config: { connectionString }, schema }))).toBe('SCHEMA_UNSUPPORTED');
    const left = await runSql(
      connectionString,
      `select relname from pg_class where relnamespace = '${schema}'::regnamespace`,
    );
    expect(left).toEqual([{ relname: 'holdfast_entries' }]);
  },
);

test.each(['table holdfast_entries', 'index holdfast_entries_child'])(
  'a schema that is recorded as complete and lacks its %s is refused',
  async (what) => {
    await using scratch = makeScratchSchema();
    const { connectionString, schema } = scratch;
    await (await openPostgres({ config: { connectionString }, schema })).close();
    await runSql(connectionString, `set search_path = ${schema}; drop ${what}`);
    expect(await refusal(openPostgres({ config: { connectionString }, schema }))).toBe('SCHEMA_UNSUPPORTED');
  },
);

test('names are taken as they are written, reserved words and capital letters included, and stay apart', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const config = { connectionString };
  const prefixes = ['select', 'Select', '_', 'x'.repeat(42)];
  for (const tablePrefix of prefixes) {
    await using store = await openPostgres({ config, schema, tablePrefix });
    await store.put('/mine', entry, 'absent');
  }
  const rows = await runSql(connectionString, `select tablename from pg_tables where schemaname = '${schema}'`);
  const names = rows.map((row) => row['tablename']).filter((name) => String(name).endsWith('entries'));
  expect(new Set(names)).toEqual(new Set(prefixes.map((prefix) => `${prefix}entries`)));
});

test('a role that may not create schemas can use one that was created for it', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const role = `user_of_${schema}`;
  await runSql(
    connectionString,
    `create role ${role} login password 'x'; create schema ${schema} authorization ${role}`,
  );
  try {
    const url = new URL(connectionString);
    url.username = role;
    url.password = 'x';
    await using store = await openPostgres({ config: { connectionString: url.href }, schema });
    await store.put('/a', entry, 'absent');
    expect(await store.get('/a')).toBeDefined();
  } finally {
    await runSql(connectionString, `drop owned by ${role}; drop role ${role}`);
  }
});

test('a database that would change what is stored is refused; one that answers too early claims less', async () => {
  await using latin = await makeScratchDatabase(`encoding 'LATIN1' locale 'C'`);
  const refused = await rejection(openPostgres({ config: { connectionString: latin.connectionString } }));
  expect(refused).toMatchObject({ code: 'UNSUPPORTED', operation: 'open' });
  expect(refused.message).toContain('UTF8');

  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  const withSetting = (setting: string) =>
    openPostgres({ config: { connectionString, options: `-c ${setting}` }, schema });
  expect(await refusal(withSetting('bytea_output=escape'))).toBe('UNSUPPORTED');
  await using late = await withSetting('synchronous_commit=on');
  expect(late.capabilitiesAt('/').durability).toBe('power-loss');
  await using early = await withSetting('synchronous_commit=off');
  expect(early.capabilitiesAt('/').durability).toBe('process-crash');
});
