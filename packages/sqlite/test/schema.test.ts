import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { getMany } from '@holdfast/core';
import { expect, test } from 'vitest';
import { openSqlite, type SqliteOptions } from '../src/index.ts';
import { openRaw } from './support/raw-database.ts';
import { refusal, rejection } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';

const body = new Uint8Array([1]);

test("migrate: 'verify' takes a complete schema and refuses a missing one, which it does not create", async () => {
  await using scratch = await makeScratch();
  const { file } = scratch;
  await writeFile(file, '');
  expect(await refusal(openSqlite({ file, migrate: 'verify' }))).toBe('SCHEMA_UNSUPPORTED');
  {
    using raw = await openRaw(file);
    expect(raw.prepare('select name from sqlite_master').all()).toEqual([]);
  }
  await (await openSqlite({ file })).close();
  await using store = await openSqlite({ file, migrate: 'verify' });
  await store.put('/a', { body }, 'absent');
});

test("migrate: 'off' does not look, and what misses its tables says so", async () => {
  await using scratch = await makeScratch();
  const { file } = scratch;
  await writeFile(file, '');
  {
    await using store = await openSqlite({ file, migrate: 'off' });
    expect(await refusal(store.get('/a'))).toBe('SCHEMA_UNSUPPORTED');
    expect(await refusal(store.put('/a', { body }, 'any'))).toBe('SCHEMA_UNSUPPORTED not-applied');
    await using _maker = await openSqlite({ file });
    await store.put('/a', { body }, 'absent');
  }
});

test('a database of a newer release is refused, with what to do, and is left alone', async () => {
  await using scratch = await makeScratch();
  const { file } = scratch;
  await (await openSqlite({ file })).close();
  {
    using raw = await openRaw(file);
    raw.prepare("insert into holdfast_migration values ('9999_future', '2099-01-01T00:00:00.000Z')").run();
  }
  for (const migrate of ['auto', 'verify'] as const) {
    const error = await rejection(openSqlite({ file, migrate }));
    expect(error).toMatchObject({ code: 'SCHEMA_UNSUPPORTED', operation: 'open' });
    expect(error.message).toContain('upgrade the package');
  }
  await using _store = await openSqlite({ file, migrate: 'off' });
});

test("somebody else's table of our name is refused and not touched", async () => {
  await using scratch = await makeScratch();
  const { file } = scratch;
  {
    using raw = await openRaw(file);
    raw.prepare('create table holdfast_entries (theirs)').run();
    raw.prepare("insert into holdfast_entries values ('precious')").run();
  }
  expect(await refusal(openSqlite({ file }))).toBe('SCHEMA_UNSUPPORTED');
  using raw = await openRaw(file);
  expect(raw.prepare('select * from holdfast_entries').all()).toEqual([{ theirs: 'precious' }]);
});

test.each(['verify', 'off'] as const)("migrate: '%s' creates no file", async (migrate) => {
  await using scratch = await makeScratch();
  expect(await refusal(openSqlite({ file: scratch.file, migrate }))).toBe('INVALID_ARGUMENT');
  expect(existsSync(scratch.file)).toBe(false);
});

test.each(['drop table holdfast_entries', 'drop index holdfast_entries_child'])(
  'a schema that is recorded as complete and is not, after "%s", is refused',
  async (statement) => {
    await using scratch = await makeScratch();
    const { file } = scratch;
    await (await openSqlite({ file })).close();
    {
      using raw = await openRaw(file);
      raw.prepare(statement).run();
    }
    expect(await refusal(openSqlite({ file, migrate: 'verify' }))).toBe('SCHEMA_UNSUPPORTED');
    expect(await refusal(openSqlite({ file }))).toBe('SCHEMA_UNSUPPORTED');
  },
);

test.each<[string, SqliteOptions['migrate'], readonly string[], string]>([
  ['has no tables of ours', 'verify', ['create table theirs (a)'], 'SCHEMA_UNSUPPORTED'],
  ['has a table of our name', 'auto', ['create table holdfast_entries (theirs)'], 'SCHEMA_UNSUPPORTED'],
  [
    'is of a newer release',
    'auto',
    [
      'create table holdfast_migration (name text primary key, timestamp text)',
      "insert into holdfast_migration values ('9999_future', 'x')",
    ],
    'SCHEMA_UNSUPPORTED',
  ],
  ['is in UTF-16', 'auto', ["pragma encoding = 'UTF-16le'", 'create table theirs (a)'], 'UNSUPPORTED'],
])('a refused file that %s is not changed by a byte', async (_, mode, statements, code) => {
  await using scratch = await makeScratch();
  const { file } = scratch;
  {
    using raw = await openRaw(file);
    for (const statement of statements) raw.prepare(statement).run();
  }
  const before = await readFile(file);
  expect(await refusal(openSqlite({ file, migrate: mode }))).toBe(code);
  expect(await readFile(file)).toEqual(before);
});

test('opening an existing database changes nothing in it', async () => {
  await using scratch = await makeScratch();
  const { file } = scratch;
  await (await openSqlite({ file })).close();
  using raw = await openRaw(file);
  const before = raw.pragma('data_version', { simple: true });
  await using _store = await openSqlite({ file });
  expect(raw.pragma('data_version', { simple: true })).toBe(before);
});

test.each([
  'x"; drop table holdfast_entries; --',
  'x" (a); --',
  "x'--",
  'x y',
  'x.y',
  'main"."x',
  '',
  '1x',
  'x\0',
  'sqlite_',
  'ｘ',
  'x'.repeat(64),
])('the prefix %j is refused before the file is touched', async (tablePrefix) => {
  await using scratch = await makeScratch();
  expect(await refusal(openSqlite({ file: scratch.file, tablePrefix }))).toBe('INVALID_ARGUMENT');
  expect(existsSync(scratch.file)).toBe(false);
});

test.each(['x'.repeat(63), '_', 'select', 'Table_', 'x1'])('the prefix %j works', async (tablePrefix) => {
  await using store = await openSqlite({ file: ':memory:', tablePrefix });
  await store.put('/a/b', { body }, 'absent');
  expect((await store.list('/')).children).toHaveLength(1);
  expect((await store.get('/a/b'))?.body).toEqual(body);
});

test.each([
  undefined,
  null,
  {},
  { file: '' },
  { file: ' ' },
  { file: 'a\0b' },
  { file: 7 },
  { file: ':memory:', database: {} },
  { file: ':memory:', databse: undefined },
  { file: ':memory:', migrate: 'yes' },
  { file: ':memory:', maxBodyBytes: 0 },
  { file: ':memory:', maxBodyBytes: 2 ** 30 },
  { file: ':memory:', maxBodyBytes: 1.5 },
  { file: ':memory:', busyTimeoutMs: -1 },
  { file: ':memory:', busyTimeoutMs: '5' },
  { file: ':memory:', tablePrefix: 7 },
  { file: ':memory:', tablePrefix: null },
])('the options %j are refused', async (options) => {
  const error = await rejection(openSqlite(options as SqliteOptions));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'open' });
});

test('a row that no adapter writes is CORRUPT', async () => {
  await using scratch = await makeScratch();
  await using store = await openSqlite({ file: scratch.file });
  using raw = await openRaw(scratch.file);
  await store.put('/d/a', { body, indexed: { n: 1 } }, 'absent');
  await store.put('/d/b', { body }, 'absent');
  raw.prepare("update holdfast_entries set indexed = '{' where path = '/d/a'").run();
  expect(await refusal(store.get('/d/a'))).toBe('CORRUPT');
  expect(await rejection(getMany(store, ['/d/b', '/d/a']))).toMatchObject({ code: 'CORRUPT', path: '/d/a' });
  raw.prepare("delete from holdfast_entries where path = '/d/b'").run();
  expect(await refusal(store.entries('/').next())).toBe('CORRUPT');
  raw.prepare("update holdfast_entries set indexed = null, path = '/d/a/../b'").run();
  expect(await refusal(store.entries('/').next())).toBe('CORRUPT');
});

test('where a connection has no JSON, each of many entries is read by itself', async () => {
  using raw = await openRaw(':memory:');
  await using store = await openSqlite({ database: raw });
  for (const path of ['/a', '/b']) await store.put(path, { body }, 'absent');
  (raw as unknown as { table(name: string, definition: object): void }).table('json_each', {
    parameters: ['text'],
    columns: ['key', 'value'],
    // oxlint-disable-next-line require-yield
    *rows() {
      throw new Error('there is none');
    },
  });
  const found = await getMany(store, ['/b', '/none', '/a']);
  expect(found.map((entry) => entry?.path)).toEqual(['/b', undefined, '/a']);
});

test('a row that is not where its path belongs ends `entries` and `list`, which would never end', async () => {
  await using scratch = await makeScratch();
  await using store = await openSqlite({ file: scratch.file });
  for (const path of ['/d/a', '/d/b']) await store.put(path, { body }, 'absent');
  using raw = await openRaw(scratch.file);
  // Its last byte is no UTF-8, so what is read of it sorts elsewhere.
  raw.prepare("update holdfast_entries set path = cast(x'2f642ff0' as text) where path = '/d/a'").run();
  const walk = async (): Promise<void> => {
    let seen = 0;
    for await (const _entry of store.entries('/', { pageSize: 1 })) expect((seen += 1)).toBeLessThan(9);
  };
  expect(await refusal(walk())).toBe('CORRUPT');
});

test.each([
  ["kind = '9 bad'", '/d/b'],
  ["kind = ''", '/d/b'],
  ["content_type = 'a' || char(10)", '/d/b'],
])('a row with %s is CORRUPT', async (assignment, path) => {
  await using scratch = await makeScratch();
  await using store = await openSqlite({ file: scratch.file });
  await store.put(path, { body }, 'absent');
  using raw = await openRaw(scratch.file);
  raw.prepare(`update holdfast_entries set ${assignment}`).run();
  expect(await refusal(store.get(path))).toBe('CORRUPT');
});

test('an option that cannot be read is refused', async () => {
  const options = {
    get file(): string {
      throw new Error('/host/secret-name');
    },
  };
  expect(await refusal(openSqlite(options))).toBe('INVALID_ARGUMENT');
});
