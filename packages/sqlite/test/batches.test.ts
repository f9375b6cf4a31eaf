import { type HoldfastError, type Version } from '@holdfast/core';
import { followGlobals, startChild, ticksDuring } from '@holdfast/test-support';
import { expect, test, vi } from 'vitest';
import { openSqlite, type SqliteFilesystem } from '../src/index.ts';
import { DriverError, makeFaulty } from './support/faulty-database.ts';
import { openRaw } from './support/raw-database.ts';
import { refusal, rejection } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';

const holdLock = new URL('children/hold-lock.ts', import.meta.url);
const body = new Uint8Array([1]);
const paths = (count: number): string[] => Array.from({ length: count }, (_, n) => `/p${n}`);

/** A filesystem on a connection whose statements are counted, and can fail. */
async function open(busyTimeoutMs = 100) {
  const raw = await openRaw(':memory:');
  const faulty = makeFaulty(raw);
  const store = await openSqlite({ database: faulty.database, busyTimeoutMs });
  const texts: string[] = [];
  /** What is run in place of the statements that begin so. */
  const instead = new Map<string, (run: () => { readonly changes: number | bigint }) => never>();
  faulty.intercept = (text, run) => {
    const [word = ''] = text.split(' ');
    texts.push(word);
    return instead.get(word)?.(run) ?? run();
  };
  const count = (word: string): number => texts.filter((it) => it === word).length;
  return { raw, store, instead, texts, count };
}

const putAll = (store: SqliteFilesystem, count: number): Promise<{ readonly version: Version }[]> =>
  Promise.all(paths(count).map((path) => store.put(path, { body }, 'absent')));

test('a hundred writes at once are one commit, in which each has a statement and no savepoint', async () => {
  const { raw, store, texts } = await open();
  await putAll(store, 100);
  expect(texts).toEqual(['begin', ...paths(100).map(() => 'insert'), 'commit']);
  raw.close();
});

test('those whom a commit woke write the next together', async () => {
  const { raw, store, count } = await open();
  const writer = async (path: string): Promise<void> => {
    let { version } = await store.put(path, { body }, 'absent');
    for (let round = 0; round < 9; round += 1) {
      expect((await store.get(path))?.version).toBe(version);
      ({ version } = await store.put(path, { body }, { version }));
    }
  };
  await Promise.all(paths(20).map(writer));
  // Of 200 writes.
  expect(count('commit')).toBeLessThan(30);
  raw.close();
});

test('of a batch, one that does not hold, one that is refused and one too large fail by themselves', async () => {
  const { raw, store, count } = await open();
  await store.put('/there', { body }, 'absent');
  raw
    .prepare(
      "create trigger picky before insert on holdfast_entries when new.path = '/bad' begin select raise(abort, 'no'); end",
    )
    .run();
  const before = count('commit');
  const large = { body: new Uint8Array(17 * 1024 * 1024) };
  const [good, mismatch, bad, tooLarge, alsoGood] = await Promise.all([
    store.put('/a', { body }, 'absent'),
    refusal(store.put('/there', { body }, 'absent')),
    refusal(store.put('/bad', { body }, 'absent')),
    refusal(store.put('/large', large, 'absent')),
    store.put('/b', { body }, 'absent'),
  ]);
  expect([mismatch, bad, tooLarge]).toEqual([
    'VERSION_MISMATCH not-applied',
    'BACKEND_FAILED not-applied',
    'BODY_TOO_LARGE not-applied',
  ]);
  expect([(await store.get('/a'))?.version, (await store.get('/b'))?.version]).toEqual([
    good.version,
    alsoGood.version,
  ]);
  expect(count('commit') - before).toBe(1);
  raw.close();
});

test.each(['landed', 'did not land'])(
  'a batch whose commit fails and that %s is found out about, by each',
  async (what) => {
    const { raw, store, instead, count } = await open();
    const old = await putAll(store, 5);
    instead.set('commit', (run) => {
      instead.clear();
      if (what === 'landed') run();
      throw new DriverError('SQLITE_IOERR_FSYNC');
    });
    const all = paths(5).map((path, n) => store.put(path, { body }, { version: (old[n] as (typeof old)[0]).version }));
    const versions = (await Promise.all(all)).map(({ version }) => version);
    const found = await Promise.all(paths(5).map(async (path) => (await store.get(path))?.version));
    expect(found).toEqual(versions);
    // The first was that of the entries. What did not land is written again, by each when they have found out.
    if (what === 'landed') expect(count('commit')).toBe(2);
    else expect(count('commit')).toBeGreaterThan(2);
    raw.close();
  },
);

test('of a batch of which nothing can be told, each hears so, in an error of its own', async () => {
  const { raw, store, instead } = await open();
  instead.set('commit', () => {
    throw new DriverError('SQLITE_IOERR_FSYNC');
  });
  const errors = await Promise.all(paths(3).map((path) => rejection(store.put(path, { body }, 'absent'))));
  expect(errors.map(({ code, outcome, path }: HoldfastError) => [code, outcome, path])).toEqual(
    paths(3).map((path) => ['OUTCOME_UNKNOWN', 'unknown', path]),
  );
  raw.close();
});

test('what is too much for one commit is committed one by one, and nobody is told that it landed when it did not', async () => {
  const { raw, store, instead, texts } = await open();
  let inserts = 0;
  instead.set('insert', (run) => run() as never);
  instead.set('commit', (run) => {
    inserts = texts.slice(texts.lastIndexOf('begin')).filter((word) => word === 'insert').length;
    if (inserts > 1) throw new DriverError('SQLITE_FULL');
    return run() as never;
  });
  await putAll(store, 4);
  expect(texts.filter((word) => word === 'commit')).toHaveLength(5);
  for (const path of paths(4)) expect((await store.get(path))?.body).toEqual(body);
  raw.close();
});

test('a batch waits for the lock once, beside the event loop; who can land no more or gives up does not', async () => {
  await using scratch = await makeScratch();
  await using store = await openSqlite({ file: scratch.file, busyTimeoutMs: 60_000 });
  const { version } = await store.put('/stale', { body }, 'absent');
  await store.put('/stale', { body }, 'any');
  await using holder = await startChild(holdLock, scratch.file);
  const abort = new AbortController();
  const all = putAll(store, 50);
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
  await all;
  const found: string[] = [];
  for await (const { path } of store.entries('/')) found.push(path);
  expect(found.toSorted()).toEqual([...paths(50), '/stale'].toSorted());
});

/** A store whose lock another connection holds, and in which time passes only when it is told to. */
async function openLocked(busyTimeoutMs: number) {
  const scratch = await makeScratch();
  const store = await openSqlite({ file: scratch.file, busyTimeoutMs });
  const holder = await openRaw(scratch.file);
  holder.prepare('begin immediate').run();
  const undo = followGlobals();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const pass = async (milliseconds: number): Promise<void> => {
    for (let passed = 0; passed < milliseconds; passed += 10) {
      await new Promise((resolve) => setImmediate(resolve));
      await vi.advanceTimersByTimeAsync(10);
    }
  };
  const release = async (): Promise<void> => {
    vi.useRealTimers();
    undo();
    holder.close();
    await store.close();
    await scratch[Symbol.asyncDispose]();
  };
  return { store, holder, pass, [Symbol.asyncDispose]: release };
}

test('who waits behind a batch that waits for the lock has no longer to wait for it than that one has', async () => {
  await using locked = await openLocked(1000);
  const ended: string[] = [];
  const put = async (path: string): Promise<void> => {
    ended.push(`${path} ${await refusal(locked.store.put(path, { body }, 'any'))}`);
  };
  const first = put('/a');
  await locked.pass(500);
  const second = put('/b');
  await locked.pass(450);
  expect(ended).toEqual([]);
  await locked.pass(100);
  expect(ended).toEqual(['/a BUSY not-applied']);
  await locked.pass(500);
  expect(ended).toEqual(['/a BUSY not-applied', '/b BUSY not-applied']);
  await Promise.all([first, second]);
});

test('what is in line when a store that waits for the lock is closed is not applied', async () => {
  await using locked = await openLocked(60_000);
  const { store, holder, pass } = locked;
  const underWay = refusal(store.put('/a', { body }, 'any'));
  const inLine = refusal(store.put('/a', { body }, 'any'));
  const closing = store.close();
  await pass(5100);
  await closing;
  expect([await underWay, await inLine]).toEqual(['CLOSED not-applied', 'CLOSED not-applied']);
  expect(holder.prepare('select path from holdfast_entries').all()).toEqual([]);
});
