import { startChild, ticksDuring } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { openSqlite } from '../src/index.ts';
import { makeFaulty } from './support/faulty-database.ts';
import { openRaw } from './support/raw-database.ts';
import { refusal } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';

const holdLock = new URL('children/hold-lock.ts', import.meta.url);
const body = new Uint8Array([1]);

test('while another process holds the lock a write waits, the event loop runs, and reads go on', async () => {
  await using scratch = await makeScratch();
  await using store = await openSqlite({ file: scratch.file, busyTimeoutMs: 300 });
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

test('a write that waits lands when the lock is let go', async () => {
  await using scratch = await makeScratch();
  await using store = await openSqlite({ file: scratch.file, busyTimeoutMs: 60_000 });
  await using holder = await startChild(holdLock, scratch.file);
  const waiting = store.put('/a', { body }, 'absent');
  await holder.tell();
  const { version } = await waiting;
  expect(await store.get('/a')).toMatchObject({ version });
});

test('a write that is stale already learns so at once, although the lock is held', async () => {
  await using scratch = await makeScratch();
  await using store = await openSqlite({ file: scratch.file, busyTimeoutMs: 2 ** 31 - 1 });
  const { version } = await store.put('/a', { body }, 'absent');
  await store.put('/a', { body }, 'any');
  await using _holder = await startChild(holdLock, scratch.file);
  expect(await refusal(store.put('/a', { body }, { version }))).toBe('VERSION_MISMATCH not-applied');
  expect(await refusal(store.put('/a', { body }, 'absent'))).toBe('VERSION_MISMATCH not-applied');
  expect(await refusal(store.delete('/a', { version }))).toBe('VERSION_MISMATCH not-applied');
});

test('a write that becomes stale while it waits does not land', async () => {
  await using scratch = await makeScratch();
  await using store = await openSqlite({ file: scratch.file, busyTimeoutMs: 60_000 });
  const { version } = await store.put('/a', { body }, 'absent');
  await using holder = await startChild(holdLock, scratch.file, "update holdfast_entries set version = 'theirs'");
  const waiting = refusal(store.put('/a', { body: new Uint8Array(9) }, { version }));
  await holder.tell();
  expect(await waiting).toBe('VERSION_MISMATCH not-applied');
  expect(await store.get('/a')).toMatchObject({ version: 'theirs', body });
});

test('a deadline or an abort ends the wait, and nothing is applied', async () => {
  await using scratch = await makeScratch();
  await using store = await openSqlite({ file: scratch.file, busyTimeoutMs: 60_000 });
  await using holder = await startChild(holdLock, scratch.file);
  expect(await refusal(store.put('/a', { body }, 'any', { timeoutMs: 50 }))).toBe('TIMEOUT not-applied');
  const abort = new AbortController();
  const waiting = refusal(store.put('/a', { body }, 'any', { signal: abort.signal }));
  abort.abort();
  expect(await waiting).toBe('ABORTED not-applied');
  await holder.tell();
  expect(await store.get('/a')).toBe(undefined);
});

test('with busyTimeoutMs: 0 nothing waits', async () => {
  await using scratch = await makeScratch();
  await using store = await openSqlite({ file: scratch.file, busyTimeoutMs: 0 });
  await using _holder = await startChild(holdLock, scratch.file);
  expect(await refusal(store.put('/a', { body }, 'any'))).toBe('BUSY not-applied');
});

test('opening waits for a lock too, without blocking, and is BUSY when that takes too long', async () => {
  await using scratch = await makeScratch();
  // Not yet in write-ahead mode, so that opening has to change it.
  await using holder = await startChild(holdLock, scratch.file, 'create table other (id)');
  const refused = refusal(openSqlite({ file: scratch.file, busyTimeoutMs: 200 }));
  expect(await ticksDuring(refused)).toBeGreaterThan(10);
  expect(await refused).toBe('BUSY');
  const opening = openSqlite({ file: scratch.file, busyTimeoutMs: 60_000 });
  await holder.tell();
  await using store = await opening;
  await store.put('/a', { body }, 'absent');
});

test('closing while a write waits lets it finish', async () => {
  await using scratch = await makeScratch();
  const store = await openSqlite({ file: scratch.file, busyTimeoutMs: 60_000 });
  await using holder = await startChild(holdLock, scratch.file);
  const waiting = store.put('/a', { body }, 'absent');
  const closing = store.close();
  await holder.tell();
  await waiting;
  await closing;
  using raw = await openRaw(scratch.file);
  expect(raw.prepare('select path from holdfast_entries').all()).toEqual([{ path: '/a' }]);
});

test('one that commits without a pause lets go of the lock for a moment every now and then', async () => {
  await using scratch = await makeScratch();
  using raw = await openRaw(scratch.file);
  const faulty = makeFaulty(raw);
  await using store = await openSqlite({ database: faulty.database });
  let freeSince = Infinity;
  let gaps = 0;
  faulty.intercept = (text, run) => {
    if (text.startsWith('begin') && performance.now() - freeSince >= 1) gaps += 1;
    const until = performance.now() + (text === 'commit' ? 5 : 0);
    while (performance.now() < until);
    const result = run();
    if (text === 'commit') freeSince = performance.now();
    return result;
  };
  const writer = async (_: unknown, n: number): Promise<void> => {
    for (let round = 0; round < 60; round += 1) await store.put(`/a${n}`, { body }, 'any');
  };
  await Promise.all(Array.from({ length: 4 }, writer));
  expect(gaps).toBeGreaterThan(5);
});
