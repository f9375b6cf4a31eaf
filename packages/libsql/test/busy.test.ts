import { readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild, ticksDuring } from '@holdfast/test-support';
import { createClient } from '@libsql/client';
import { expect, test } from 'vitest';
import { openLibsql } from '../src/index.ts';
import { refusal } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';

const holdLock = new URL('children/hold-lock.ts', import.meta.url);
const body = new Uint8Array([1]);

test('while somebody else holds the lock a write waits, the event loop runs, and reads go on', async () => {
  await using scratch = await makeScratch();
  await using store = await openLibsql({ config: scratch.config, busyTimeoutMs: 300 });
  await store.put('/a', { body }, 'absent');
  await using holder = await startChild(holdLock, scratch.file);
  const waiting = refusal(store.put('/b', { body }, 'any'));
  expect((await store.get('/a'))?.body).toEqual(body);
  // A driver that waits by itself would let none of them through.
  expect(await ticksDuring(waiting)).toBeGreaterThan(20);
  expect(await waiting).toBe('BUSY not-applied');
  expect(await holder.tell()).toBe('let go');
  expect(await store.get('/b')).toBe(undefined);
});

test('the driver itself leaves a client behind, after it was BUSY, that reads the past and cannot write', async () => {
  await using scratch = await makeScratch();
  const [holder, client] = [scratch.raw(), scratch.raw()];
  await holder.executeMultiple('pragma journal_mode = wal; create table t (k text)');
  const transaction = await holder.transaction('write');
  await transaction.execute("insert into t values ('theirs')");
  await expect(client.batch(["insert into t values ('ours')"], 'write')).rejects.toThrow('locked');
  expect((await client.execute('select * from t')).rows).toEqual([]);
  await transaction.commit();
  // If either of these fails the driver was mended, and so can be the adapter.
  expect((await client.execute('select * from t')).rows).toEqual([]);
  await expect(client.batch(["insert into t values ('ours')"], 'write')).rejects.toThrow('locked');
});

test('after it was BUSY a store reads what is there now, and writes', async () => {
  await using scratch = await makeScratch();
  await using store = await openLibsql({ config: scratch.config, busyTimeoutMs: 20 });
  await using other = await openLibsql({ config: scratch.config });
  await store.put('/a', { body }, 'absent');
  const transaction = await scratch.raw().transaction('write');
  expect(await refusal(store.put('/a', { body: new Uint8Array(9) }, 'any'))).toBe('BUSY not-applied');
  expect((await store.get('/a'))?.body).toEqual(body);
  await transaction.commit();
  const { version } = await other.put('/a', { body: new Uint8Array(5) }, 'any');
  expect(await store.get('/a')).toMatchObject({ version, body: new Uint8Array(5) });
  await store.put('/a', { body }, { version });
});

test('a write that waits lands when the lock is let go', async () => {
  await using scratch = await makeScratch();
  await using store = await openLibsql({ config: scratch.config, busyTimeoutMs: 60_000 });
  await using holder = await startChild(holdLock, scratch.file);
  const waiting = store.put('/a', { body }, 'absent');
  await holder.tell();
  const { version } = await waiting;
  expect(await store.get('/a')).toMatchObject({ version });
});

test('a write that is stale, or becomes it while it waits, learns so although the lock is held', async () => {
  await using scratch = await makeScratch();
  await using store = await openLibsql({ config: scratch.config, busyTimeoutMs: 2 ** 31 - 1 });
  const { version } = await store.put('/a', { body }, 'absent');
  await store.put('/a', { body }, 'any');
  await using holder = await startChild(holdLock, scratch.file, "update holdfast_entries set version = 'theirs'");
  expect(await refusal(store.put('/a', { body }, { version }))).toBe('VERSION_MISMATCH not-applied');
  expect(await refusal(store.put('/a', { body }, 'absent'))).toBe('VERSION_MISMATCH not-applied');
  const current = (await store.get('/a'))?.version ?? '';
  const waiting = refusal(store.put('/a', { body }, { version: current }));
  await holder.tell();
  expect(await waiting).toBe('VERSION_MISMATCH not-applied');
});

test('a deadline or an abort ends the wait of everyone in the lane, and nothing is applied', async () => {
  await using scratch = await makeScratch();
  await using store = await openLibsql({ config: scratch.config, busyTimeoutMs: 60_000 });
  await using other = await openLibsql({ config: scratch.config, busyTimeoutMs: 60_000 });
  await using holder = await startChild(holdLock, scratch.file);
  const abort = new AbortController();
  const waiting = [
    refusal(store.put('/a', { body }, 'any', { timeoutMs: 50 })),
    refusal(other.put('/a', { body }, 'any', { timeoutMs: 60 })),
    refusal(store.put('/b', { body }, 'any', { signal: abort.signal })),
    refusal(other.delete('/b', 'any', { signal: abort.signal })),
  ];
  expect(await Promise.all(waiting.slice(0, 2))).toEqual(Array(2).fill('TIMEOUT not-applied'));
  abort.abort();
  expect(await Promise.all(waiting.slice(2))).toEqual(Array(2).fill('ABORTED not-applied'));
  await holder.tell();
  expect((await store.list('/')).children).toEqual([]);
});

test('those who wait in the lane wait for a lock together, not one after the other', async () => {
  await using scratch = await makeScratch();
  await using store = await openLibsql({ config: scratch.config, busyTimeoutMs: 400 });
  await using _holder = await startChild(holdLock, scratch.file);
  const began = performance.now();
  const puts = Array.from({ length: 20 }, (_, n) => refusal(store.put(`/${n}`, { body }, 'any')));
  expect(await Promise.all(puts)).toEqual(Array(20).fill('BUSY not-applied'));
  // One after the other would take 8 seconds; `busyTimeoutMs` promises less.
  expect(performance.now() - began).toBeLessThan(4000);
});

test('a transaction of the owner of a client is waited for without blocking, and survives', async () => {
  await using scratch = await makeScratch();
  // The wait of the driver is synchronous: with it, the owner could not end what it waits for.
  const client = createClient({ url: scratch.config.url, timeout: 2000 });
  await using store = await openLibsql({ client });
  const transaction = await client.transaction('write');
  await transaction.execute('create table theirs (id integer)');
  const waiting = store.put('/a', { body }, 'absent');
  expect(await ticksDuring(new Promise((resolve) => setTimeout(resolve, 100)))).toBeGreaterThan(20);
  expect(await store.get('/a')).toBe(undefined);
  await transaction.commit();
  await waiting;
  expect((await client.execute('select * from theirs')).rows).toEqual([]);
  client.close();
});

test('writes of several instances to one file, by whatever name, are made in the order in which they came', async () => {
  await using scratch = await makeScratch();
  const link = join(scratch.directory, 'link');
  await symlink(scratch.directory, link);
  const options = { busyTimeoutMs: 60_000 };
  await using one = await openLibsql({ config: scratch.config, ...options });
  await using two = await openLibsql({ config: { url: `file:${link}/./secret-name.db` }, ...options });
  const log = ['insert', 'update'].map(
    (what) =>
      `create trigger log_${what} after ${what} on holdfast_entries begin insert into log (n) values (hex(new.body)); end`,
  );
  const raw = scratch.raw();
  await raw.executeMultiple(['create table log (id integer primary key, n text)', ...log].join(';'));
  await using holder = await startChild(holdLock, scratch.file);
  const puts = Array.from({ length: 40 }, (_, n) =>
    (n % 2 === 0 ? one : two).put('/a', { body: new Uint8Array([n]) }, 'any'),
  );
  await holder.tell();
  await Promise.all(puts);
  // When callers hear of it tells less: some may have to leave the event loop to others first.
  const { rows } = await raw.execute('select n from log order by id');
  const inHex = Array.from({ length: 40 }, (_, n) => n.toString(16).toUpperCase().padStart(2, '0'));
  expect(rows.map(({ n }) => n)).toEqual(inHex);
});

test('writes of two instances that overlap in one process do not find the file locked by each other', async () => {
  await using scratch = await makeScratch();
  await using one = await openLibsql({ config: scratch.config, busyTimeoutMs: 0 });
  await using two = await openLibsql({ config: scratch.config, busyTimeoutMs: 0 });
  const puts = Array.from({ length: 200 }, (_, n) => (n % 2 === 0 ? one : two).put(`/${n}`, { body }, 'absent'));
  await Promise.all(puts);
  expect((await two.list('/', { limit: 1000 })).children).toHaveLength(200);
});

test('waiting for a lock does not use up file descriptors', async () => {
  await using scratch = await makeScratch();
  await using store = await openLibsql({ config: scratch.config, busyTimeoutMs: 0 });
  const transaction = await scratch.raw().transaction('write');
  const open = async (): Promise<number> =>
    (await readdir(process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd')).length;
  const before = await open();
  for (let tries = 0; tries < 50; tries += 1) {
    expect(await refusal(store.put('/a', { body }, 'any'))).toBe('BUSY not-applied');
  }
  // A connection that is replaced leaves its descriptors behind until it is collected.
  expect(await open()).toBeLessThan(before + 20);
  await transaction.commit();
});
