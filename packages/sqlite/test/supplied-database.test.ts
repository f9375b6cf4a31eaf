import { sqliteProfile } from '@holdfast/sql';
import { startChild } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { openSqlite, type SqliteDatabase } from '../src/index.ts';
import { openRaw } from './support/raw-database.ts';
import { refusal } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';

const holdLock = new URL('children/hold-lock.ts', import.meta.url);
const body = new Uint8Array([1]);

async function promisesWith(...pragmas: readonly string[]): Promise<string> {
  await using scratch = await makeScratch();
  using database = await openRaw(scratch.file);
  for (const pragma of pragmas) database.pragma(pragma);
  return await promises(database);
}

async function promises(database: SqliteDatabase): Promise<string> {
  await using store = await openSqlite({ database });
  const { durability, sharing } = store.capabilitiesAt('/');
  return `${durability}, ${sharing}`;
}

test.skipIf(process.platform === 'darwin').each([
  [['journal_mode = wal', 'synchronous = full'], 'power-loss, host'],
  [['journal_mode = wal', 'synchronous = extra'], 'power-loss, host'],
  [['journal_mode = wal', 'synchronous = normal'], 'process-crash, host'],
  [['journal_mode = wal', 'synchronous = off'], 'process-crash, host'],
  [['journal_mode = wal'], 'process-crash, host'],
  [['journal_mode = delete', 'synchronous = extra'], 'power-loss, host'],
  [['journal_mode = delete', 'synchronous = full'], 'process-crash, host'],
  [['journal_mode = wal', 'synchronous = full', 'locking_mode = exclusive'], 'power-loss, instance'],
])('a connection with %j promises %s', async (pragmas, expected) => {
  expect(await promisesWith(...pragmas)).toBe(expected);
});

test('a connection of a driver that takes URIs, opened by one without locks, is refused', async () => {
  await using scratch = await makeScratch();
  using database = await openRaw(scratch.file);
  const opened = (name: string): SqliteDatabase => Object.create(database, { name: { value: name } }) as SqliteDatabase;
  for (const set of ['nolock=1', 'mode=rwc&immutable=1', 'vfs=unix-none#x']) {
    expect(await refusal(openSqlite({ database: opened(`file:${scratch.file}?${set}`) }))).toBe('INVALID_ARGUMENT');
  }
  expect(await promises(opened(`file:${scratch.file}?cache=private`))).toBe('process-crash, host');
});

test('a database in memory promises to last as long as it does', async () => {
  using database = await openRaw(':memory:');
  expect(await promises(database)).toBe('none, instance');
});

test.each([[['journal_mode = memory']], [["encoding = 'UTF-16le'"]]])(
  'a connection with %j is refused',
  async (pragmas) => {
    expect(await refusal(promisesWith(...pragmas))).toBe('UNSUPPORTED');
  },
);

test('a connection on which a function that the statements call means something else is refused, and not written to', async () => {
  for (const name of Object.values(sqliteProfile.functions)) {
    using database = await openRaw(':memory:');
    database.defaultSafeIntegers();
    database.function('replace_all', {}, () => 'x');
    await (await openSqlite({ database, tablePrefix: 'before_' })).close();
    database.function(name.toUpperCase(), { deterministic: true, varargs: true }, () => 'x');
    expect(await refusal(openSqlite({ database }))).toBe('UNSUPPORTED');
    expect(database.prepare("select 1 from sqlite_master where name like 'holdfast%'").all()).toEqual([]);
  }
});

test('a connection that cannot write, or is closed, or is none, is refused', async () => {
  await using scratch = await makeScratch();
  using database = await openRaw(scratch.file);
  database.pragma('journal_mode = wal');
  using reader = await openRaw(scratch.file, { readonly: true });
  expect(await refusal(openSqlite({ database: reader }))).toBe('INVALID_ARGUMENT');
  database.close();
  expect(await refusal(openSqlite({ database }))).toBe('INVALID_ARGUMENT');
  expect(await refusal(openSqlite({ database: {} as SqliteDatabase }))).toBe('INVALID_ARGUMENT');
});

test('close leaves the connection to its owner, who finds it as it was', async () => {
  await using scratch = await makeScratch();
  using database = await openRaw(scratch.file, { timeout: 4321 });
  const store = await openSqlite({ database });
  await store.put('/a', { body }, 'absent');
  await store.get('/a');
  await store.close();
  expect(database.open).toBe(true);
  expect(database.pragma('busy_timeout', { simple: true })).toBe(4321);
  expect(database.prepare('select path from holdfast_entries').all()).toEqual([{ path: '/a' }]);
  await using again = await openSqlite({ database, migrate: 'verify' });
  expect((await again.get('/a'))?.body).toEqual(body);
});

test("the connection's own wait for locks, which blocks, is not used", async () => {
  await using scratch = await makeScratch();
  using database = await openRaw(scratch.file, { timeout: 30_000 });
  database.pragma('journal_mode = wal');
  await using store = await openSqlite({ database, busyTimeoutMs: 200 });
  await using _holder = await startChild(holdLock, scratch.file);
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 1);
  expect(await refusal(store.put('/a', { body }, 'any'))).toBe('BUSY not-applied');
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(10);
});

test('nothing joins a transaction of the owner, which could still be rolled back', async () => {
  using database = await openRaw(':memory:');
  await using store = await openSqlite({ database, busyTimeoutMs: 50 });
  database.prepare('begin').run();
  expect(await refusal(store.put('/a', { body }, 'any'))).toBe('BUSY not-applied');
  expect(await refusal(store.get('/a'))).toBe('BUSY');
  expect(await refusal(openSqlite({ database, busyTimeoutMs: 50 }))).toBe('BUSY');
  database.prepare('rollback').run();
  await store.put('/a', { body }, 'absent');
  expect((await store.get('/a'))?.body).toEqual(body);
});

test('a call waits until the owner has finished a transaction', async () => {
  using database = await openRaw(':memory:');
  await using store = await openSqlite({ database });
  database.prepare('begin').run();
  const waiting = store.put('/a', { body }, 'absent');
  setImmediate(() => database.prepare('commit').run());
  await waiting;
  expect((await store.get('/a'))?.body).toEqual(body);
});

test('while the owner iterates over rows the connection is busy', async () => {
  await using scratch = await makeScratch();
  using database = await openRaw(scratch.file);
  await using store = await openSqlite({ database, busyTimeoutMs: 50 });
  const rows = database.prepare('select 1 union select 2').iterate();
  rows.next();
  expect(await refusal(store.put('/a', { body }, 'any'))).toBe('BUSY not-applied');
  rows.return?.();
  await store.put('/a', { body }, 'absent');
});

test('a connection that its owner closes is closed', async () => {
  const database = await openRaw(':memory:');
  await using store = await openSqlite({ database });
  database.close();
  expect(await refusal(store.put('/a', { body }, 'any'))).toBe('CLOSED not-applied');
  expect(await refusal(store.get('/a'))).toBe('CLOSED');
});

test('a connection that gives integers as BigInt works the same', async () => {
  using database = await openRaw(':memory:');
  database.defaultSafeIntegers();
  await using store = await openSqlite({ database });
  const { version } = await store.put('/a/b', { body, indexed: { n: 7 } }, 'absent');
  expect(await store.get('/a/b')).toMatchObject({ version, indexed: { n: 7 } });
  expect(await store.list('/')).toMatchObject({ children: [{ name: 'a', isEntry: false, isPrefix: true }] });
  expect(await store.delete('/a/b', { version })).toEqual({ deleted: true });
});

test('filesystems with different prefixes in one database do not see each other', async () => {
  using database = await openRaw(':memory:');
  await using one = await openSqlite({ database, tablePrefix: 'one_' });
  await using two = await openSqlite({ database, tablePrefix: 'two_' });
  await one.put('/a', { body }, 'absent');
  expect(await two.get('/a')).toBe(undefined);
  expect((await two.list('/')).children).toEqual([]);
});

test('attached and temporary tables of our names are not ours', async () => {
  await using scratch = await makeScratch();
  await (await openSqlite({ file: scratch.file })).close();
  using database = await openRaw(':memory:');
  database.prepare(`attach '${scratch.file}' as other`).run();
  const columns = 'path text primary key, kind text, content_type text, indexed text, version text, body blob';
  database.prepare(`create temp table holdfast_entries (${columns})`).run();
  await using store = await openSqlite({ database });
  await store.put('/a/b', { body }, 'absent');
  expect((await store.list('/a')).children).toHaveLength(1);
  const rowsIn = (schema: string) => database.prepare(`select path from ${schema}.holdfast_entries`).all();
  expect([rowsIn('main'), rowsIn('temp'), rowsIn('other')]).toEqual([[{ path: '/a/b' }], [], []]);
});

test("opening waits for the owner's readers without blocking, also to commit what it has created", async () => {
  await using scratch = await makeScratch();
  using database = await openRaw(scratch.file, { timeout: 30_000 });
  await (await openSqlite({ database })).close();
  // The record of migrations is there, so that the first to find the reader in its way is the commit.
  database.prepare('drop table holdfast_entries').run();
  database.prepare('delete from holdfast_migration').run();
  using reader = await openRaw(scratch.file);
  reader.prepare('begin').run();
  reader.prepare('select * from holdfast_migration').all();
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 1);
  expect(await refusal(openSqlite({ database, busyTimeoutMs: 200 }))).toBe('BUSY');
  expect([ticks > 10, database.inTransaction]).toEqual([true, false]);
  const opening = openSqlite({ database, busyTimeoutMs: 60_000 });
  setTimeout(() => reader.prepare('commit').run(), 50);
  await using store = await opening;
  clearInterval(timer);
  await store.put('/a', { body }, 'absent');
  expect(database.pragma('busy_timeout', { simple: true })).toBe(30_000);
});

test('a full database is STORAGE_FULL, nothing is applied, and deleting helps', async () => {
  await using scratch = await makeScratch();
  using database = await openRaw(scratch.file);
  await using store = await openSqlite({ database });
  database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true })) + 20}`);
  await store.put('/a', { body: new Uint8Array(50_000) }, 'absent');
  expect(await refusal(store.put('/b', { body: new Uint8Array(100_000) }, 'absent'))).toBe('STORAGE_FULL not-applied');
  expect(await store.get('/b')).toBe(undefined);
  expect((await store.get('/a'))?.body.byteLength).toBe(50_000);
  await store.delete('/a', 'any');
  await store.put('/b', { body: new Uint8Array(50_000) }, 'absent');
});
