import { existsSync } from 'node:fs';
import { copyFile, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { RootFilesystem, VersionedCapabilities } from '@holdfast/core';
import { openLibsql } from '@holdfast/libsql';
import { openSqlite, type SqliteDatabase } from '@holdfast/sqlite';
import { makeScratchDirectory, rejections } from '@holdfast/test-support';
import { expect, test } from 'vitest';

// What is closed by one library takes the locks of another along, so every test has files of its own, and lets nobody
// close before it is over what another one still uses.

interface SameDatabase {
  exec(text: string): void;
  prepare(text: string): { get(): unknown; run(): unknown };
  close(): void;
}

// It brings no types.
const Database = createRequire(import.meta.url)('better-sqlite3') as new (
  file: string,
) => SameDatabase & SqliteDatabase;

type Store = RootFilesystem<VersionedCapabilities>;

const { refusal } = rejections(/holdfast-libraries-/);
const body = new Uint8Array(5000);

const adapters: Readonly<Record<string, (file: string) => Promise<Store>>> = {
  sqlite: (file) => openSqlite({ file, busyTimeoutMs: 300 }),
  'sqlite, with a thread': (file) => openSqlite({ file, busyTimeoutMs: 300, writes: 'thread' }),
  libsql: (file) => openLibsql({ config: { url: `file:${file}` }, busyTimeoutMs: 300 }),
};

interface Place extends AsyncDisposable {
  readonly file: string;
  /** The SQLite of Node with the file open, and a table of its own in it. */
  another(): DatabaseSync;
  /** A connection of the driver that the SQLite adapter loads, too. */
  same(): SameDatabase & SqliteDatabase;
}

async function makePlace(): Promise<Place> {
  const scratch = await makeScratchDirectory('libraries');
  const file = join(scratch.path, 'app.db');
  const others: (DatabaseSync | SameDatabase)[] = [];
  return {
    file,
    another() {
      const other = new DatabaseSync(file);
      other.exec('pragma journal_mode = wal; create table if not exists orders (note text)');
      others.push(other);
      return other;
    },
    same() {
      const other = new Database(file);
      others.push(other);
      return other;
    },
    async [Symbol.asyncDispose]() {
      for (const other of others) if (!('isOpen' in other) || other.isOpen) other.close();
      await scratch.remove();
    },
  };
}

function order(other: DatabaseSync): void {
  other.prepare('insert into orders (note) values (?)').run('x'.repeat(500));
}

function ordersOf(other: DatabaseSync): number {
  return Number(other.prepare('select count(*) as n from orders').get()?.['n']);
}

for (const [adapter, open] of Object.entries(adapters)) {
  test(`${adapter}: a write is refused, and no other library's is lost, once one has the file open too`, async () => {
    await using place = await makePlace();
    await using store = await open(place.file);
    await store.put('/a', { body }, 'absent');
    const other = place.another();
    other.exec('begin immediate');
    for (let n = 0; n < 50; n += 1) order(other);
    expect(await refusal(store.put('/b', { body }, 'absent'))).toBe('UNSUPPORTED not-applied');
    expect(await refusal(store.delete('/a', 'any'))).toBe('UNSUPPORTED not-applied');
    other.exec('commit');
    expect(await refusal(store.put('/b', { body }, 'absent'))).toBe('UNSUPPORTED not-applied');
    expect((await store.get('/a'))?.body).toEqual(body);
    expect(await store.get('/b')).toBe(undefined);
    expect(ordersOf(other)).toBe(50);
  });

  test(`${adapter}: nothing is written or read once another library has taken the log away`, async () => {
    await using place = await makePlace();
    const store = await open(place.file);
    await store.put('/a', { body }, 'absent');
    place.another().close();
    expect(existsSync(`${place.file}-wal`)).toBe(false);
    expect(await refusal(store.put('/b', { body }, 'absent'))).toBe('UNSUPPORTED not-applied');
    expect(await refusal(store.get('/a'))).toBe('UNSUPPORTED');
    await store.close();
    // libSQL lets go of a file when its memory is collected.
    if (adapter === 'libsql') return expect(await refusal(open(place.file))).toBe('UNSUPPORTED');
    await using again = await open(place.file);
    await again.put('/b', { body }, 'absent');
    expect((await again.list('/')).children).toHaveLength(2);
  });

  test(`${adapter}: a file that another library uses is refused, which that one does not notice`, async () => {
    await using place = await makePlace();
    const other = place.another();
    const link = `${place.file}-link`;
    await symlink(place.file, link);
    for (const file of [place.file, link, place.file]) expect(await refusal(open(file))).toBe('UNSUPPORTED');
    order(other);
    // Had the refused connection been closed like any other, the log would be gone, and the order with it.
    expect(existsSync(`${place.file}-wal`)).toBe(true);
    other.close();
    // libSQL lets go of a file when its memory is collected.
    if (adapter === 'libsql') return expect(await refusal(open(place.file))).toBe('UNSUPPORTED');
    await using store = await open(place.file);
    await store.put('/a', { body }, 'absent');
    expect(await store.get('/a')).toBeDefined();
  });

  test(`${adapter}: to close it leaves the log to another library that uses it`, async () => {
    await using place = await makePlace();
    const store = await open(place.file);
    const other = place.another();
    await store.close();
    order(other);
    expect(existsSync(`${place.file}-wal`)).toBe(true);
    expect(ordersOf(other)).toBe(1);
  });

  test(`${adapter}: whoever copies the files, or has them open in the same library, is no stranger`, async () => {
    await using place = await makePlace();
    await using store = await open(place.file);
    await using second = await open(place.file);
    await store.put('/a', { body }, 'absent');
    for (const end of ['', '-wal', '-shm']) {
      await copyFile(place.file + end, `${place.file}${end}.copy`);
      await readFile(place.file + end);
    }
    await second.put('/b', { body }, 'absent');
    await store.put('/c', { body }, 'absent');
    expect((await second.list('/')).children).toHaveLength(3);
  });
}

test('the file of one adapter is refused by the other, whichever came first', async () => {
  for (const [first, second] of [
    ['sqlite', 'libsql'],
    ['libsql', 'sqlite'],
  ] as const) {
    await using place = await makePlace();
    await using store = await (adapters[first] as (typeof adapters)[string])(place.file);
    await store.put('/a', { body }, 'absent');
    expect(await refusal((adapters[second] as (typeof adapters)[string])(place.file))).toBe('UNSUPPORTED');
    await store.put('/b', { body }, 'absent');
    expect((await store.list('/')).children).toHaveLength(2);
  }
});

test.each(['win32', 'darwin'])('what can be told on %s is told', async (platform) => {
  const real = process.platform;
  await using place = await makePlace();
  Object.defineProperty(process, 'platform', { value: platform });
  try {
    await using store = await openSqlite({ file: place.file });
    await store.put('/a', { body }, 'absent');
    expect(await refusal(openLibsql({ config: { url: `file:${place.file}` } }))).toBe('UNSUPPORTED');
    // Nothing but the list of descriptors tells, which is looked through for a twentieth of the time.
    if (platform === 'darwin') {
      place.another();
      await expect.poll(() => refusal(store.put('/b', { body }, 'any'))).toBe('UNSUPPORTED not-applied');
    }
  } finally {
    Object.defineProperty(process, 'platform', { value: real });
  }
});

test('a file is refused while a connection of the application has what another library took away', async () => {
  await using place = await makePlace();
  const before = place.same();
  before.pragma('journal_mode = wal');
  before.exec('create table mine (note text)');
  place.another().close();
  expect(await refusal(openSqlite({ file: place.file }))).toBe('UNSUPPORTED');
  expect(await refusal(openSqlite({ database: before }))).toBe('UNSUPPORTED');
  before.close();
  await using store = await openSqlite({ file: place.file });
  await store.put('/a', { body }, 'absent');
});

test('connections of the application, also on another thread, share a file that the same library opened', async () => {
  await using place = await makePlace();
  const before = place.same();
  before.pragma('journal_mode = wal');
  before.exec('create table orders (note text)');
  await using store = await openSqlite({ file: place.file });
  await store.put('/a', { body }, 'absent');
  await using supplied = await openSqlite({ database: before });
  const insert = `const Database = require('better-sqlite3');
    const database = new Database(require('node:worker_threads').workerData);
    database.prepare('insert into orders values (1)').run();
    database.close();`;
  const worker = new Worker(insert, { eval: true, workerData: place.file });
  expect(await new Promise((resolve) => worker.once('exit', resolve))).toBe(0);
  before.prepare('insert into orders values (2)').run();
  await store.put('/b', { body }, 'absent');
  await supplied.put('/c', { body }, 'absent');
  expect(before.prepare('select count(*) as n from orders').get()).toEqual({ n: 2 });
});
