import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { CasApply, casUpdate, commit, jsonCodec } from '@holdfast/core';
import { requests, startChild, ticksDuring } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { openSqlite, type SqliteFilesystem, type SqliteOptions } from '../src/index.ts';
import { openRaw } from './support/raw-database.ts';
import { refusal, rejection } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';

const holdLock = new URL('children/hold-lock.ts', import.meta.url);
const unclosed = new URL('children/write-and-leave.ts', import.meta.url);
const counters = jsonCodec<number>({ kind: 'counter' });
const body = new Uint8Array([1]);

/** A store in a file, and the threads that were started for it. */
async function open(file: string): Promise<{ readonly store: SqliteFilesystem; readonly threads: readonly Worker[] }> {
  const threads: Worker[] = [];
  const note = (worker: Worker): void => void threads.push(worker);
  process.on('worker', note);
  try {
    return { store: await openSqlite({ file, writes: 'thread', busyTimeoutMs: 60_000 }), threads };
  } finally {
    process.off('worker', note);
  }
}

test('what the thread has written is there for whoever hears of it, and the thread ends with the store', async () => {
  await using scratch = await makeScratch();
  const { store, threads } = await open(scratch.file);
  expect(threads).toHaveLength(1);
  const exit = once(threads[0] as Worker, 'exit');
  for (let round = 0; round < 20; round += 1) {
    const { version } = await store.put('/a', { body: Uint8Array.of(round) }, 'any');
    expect(await store.get('/a')).toMatchObject({ version, body: Uint8Array.of(round) });
  }
  const { version } = await store.put(
    '/b',
    { body, contentType: 'text/x', kind: 'k', indexed: { n: 1, t: 'ä' } },
    'absent',
  );
  expect(await store.get('/b')).toMatchObject({ contentType: 'text/x', kind: 'k', indexed: { n: 1, t: 'ä' } });
  expect(await refusal(store.put('/b', { body }, 'absent'))).toBe('VERSION_MISMATCH not-applied');
  await commit(store, [
    { put: '/c', entry: { body }, expectation: 'absent' },
    { check: '/a', expectation: { version: (await store.get('/a'))?.version ?? version } },
    { delete: '/b', expectation: { version } },
  ]);
  const { children } = await store.list('/');
  expect(children.map(({ name }) => name)).toEqual(['a', 'c']);
  const mismatch = commit(store, [
    { put: '/d', entry: { body }, expectation: 'absent' },
    { check: '/c', expectation: 'absent' },
    { check: '/b', expectation: { version } },
  ]);
  expect(await rejection(mismatch)).toMatchObject({ code: 'VERSION_MISMATCH', paths: ['/c', '/b'] });
  await store.close();
  expect(await exit).toEqual([0]);
});

test('bodies arrive as they were when they were handed over, and their memory stays with the caller', async () => {
  await using scratch = await makeScratch();
  const { store } = await open(scratch.file);
  const memory = new Uint8Array(300_000).map((_, index) => index % 251);
  const bodies = [
    memory,
    memory.subarray(7, 7),
    memory.subarray(100, 105),
    memory.subarray(1000),
    Buffer.from('pooled'),
  ];
  const expected = bodies.map((it) => new Uint8Array(it));
  const puts = bodies.map((it, index) => store.put(`/b${index}`, { body: it }, 'absent'));
  memory.fill(0);
  await Promise.all(puts);
  expect(memory.byteLength).toBe(300_000);
  for (const [index, it] of expected.entries()) expect((await store.get(`/b${index}`))?.body).toEqual(it);
  await store.close();
});

test('a batch waits for the lock beside the event loop, and who gives up or can land no more does not', async () => {
  await using scratch = await makeScratch();
  const { store } = await open(scratch.file);
  const { version } = await store.put('/stale', { body }, 'absent');
  await store.put('/stale', { body }, 'any');
  await using holder = await startChild(holdLock, scratch.file);
  const abort = new AbortController();
  const waiting = ['/a', '/b'].map((path) => store.put(path, { body }, 'absent'));
  const stale = refusal(store.put('/stale', { body }, { version }));
  const aborted = refusal(store.put('/aborted', { body }, 'absent', { signal: abort.signal }));
  const late = refusal(store.put('/late', { body }, 'absent', { timeoutMs: 200 }));
  const ticks = ticksDuring(late);
  expect(await stale).toBe('VERSION_MISMATCH not-applied');
  abort.abort();
  expect(await aborted).toBe('ABORTED not-applied');
  expect(await ticks).toBeGreaterThan(10);
  expect(await late).toBe('TIMEOUT not-applied');
  await holder.tell();
  await Promise.all(waiting);
  const { children } = await store.list('/');
  expect(children.map(({ name }) => name)).toEqual(['a', 'b', 'stale']);
  await store.close();
});

test('all that a call hears is in its async context', async () => {
  await using scratch = await makeScratch();
  const { store } = await open(scratch.file);
  const { all, saw, misplaced } = requests();
  await all(50, async (path) => {
    await store.put(path, { body }, 'absent');
    saw('what follows', path);
    const counter = `/shared/${Number(path.slice(2)) % 5}`;
    await casUpdate(store, counter, counters, (count = 0) => {
      saw('apply', path);
      return CasApply.write(count + 1);
    });
    saw('what follows an update', path);
  });
  expect(misplaced).toEqual([]);
  await store.close();
});

test('a log of many pages is written back by the thread when the store is closed', async () => {
  await using scratch = await makeScratch();
  await using other = await openSqlite({ file: scratch.file });
  const { store } = await open(scratch.file);
  await store.put('/large', { body: new Uint8Array(1_000_000) }, 'absent');
  await store.close();
  using raw = await openRaw(scratch.file);
  const [state] = raw.pragma('wal_checkpoint(noop)') as readonly {
    readonly log: number;
    readonly checkpointed: number;
  }[];
  expect(state?.checkpointed).toBe(state?.log);
  expect(await other.get('/large')).toBeDefined();
});

test('a process that has nothing else to do ends when its writes are done, though it has not closed the store', async () => {
  await using scratch = await makeScratch();
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(unclosed), scratch.file]);
  expect(stdout).toBe('written');
  await using store = await openSqlite({ file: scratch.file });
  expect(await store.get('/a')).toBeDefined();
});

test('a thread is refused where there is no file for it', async () => {
  using raw = await openRaw(':memory:');
  const refused = [
    { file: ':memory:', writes: 'thread' },
    { database: raw, writes: 'thread' },
    { file: '/nowhere/a.db', writes: 'worker' },
  ] as unknown as SqliteOptions[];
  for (const options of refused) expect(await refusal(openSqlite(options))).toBe('INVALID_ARGUMENT');
  for (const options of [{ file: ':memory:' }, { database: raw }] as const) {
    await using store = await openSqlite({ ...options, writes: 'event-loop' });
    await store.put('/a', { body }, 'any');
  }
});
