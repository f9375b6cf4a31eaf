import { expect, test } from 'vitest';
import { SqliteConnection } from '../src/connection.ts';
import { openSqlite } from '../src/index.ts';
import { DriverError, makeFaulty, type FaultyDatabase } from './support/faulty-database.ts';
import { openRaw } from './support/raw-database.ts';
import { refusal, rejection } from './support/rejection.ts';

const body = new Uint8Array([1]);

/** A filesystem with one entry, on a connection whose commits can fail. */
async function open() {
  const raw = await openRaw(':memory:');
  const faulty = makeFaulty(raw);
  const store = await openSqlite({ database: faulty.database, busyTimeoutMs: 100 });
  const { version } = await store.put('/a', { body }, 'absent');
  /** Runs instead of each of the next commits. */
  const onCommit = (
    instead: (commit: () => { readonly changes: number | bigint }) => never,
    times = Infinity,
  ): void => {
    let left = times;
    faulty.intercept = (text, run) => {
      if (text !== 'commit' || left === 0) return run();
      left -= 1;
      return instead(run);
    };
  };
  return { raw, store, version, onCommit, faulty };
}

test('a commit that fails but landed is found by reading back', async () => {
  const { raw, store, version, onCommit } = await open();
  onCommit((commit) => {
    commit();
    throw new DriverError('SQLITE_IOERR_FSYNC');
  }, 1);
  const put = await store.put('/a', { body: new Uint8Array([2]) }, { version });
  expect(await store.get('/a')).toMatchObject({ version: put.version, body: new Uint8Array([2]) });
  raw.close();
});

test('a commit that fails and did not land is sent again', async () => {
  const { raw, store, version, onCommit } = await open();
  onCommit(() => {
    throw new DriverError('SQLITE_IOERR_FSYNC');
  }, 1);
  const put = await store.put('/a', { body: new Uint8Array([2]) }, { version });
  expect(await store.get('/a')).toMatchObject({ version: put.version });
  expect(raw.inTransaction).toBe(false);
  raw.close();
});

test('a commit that fails of which nothing can be told is unknown', async () => {
  const { raw, store, onCommit } = await open();
  onCommit(() => {
    throw new DriverError('SQLITE_IOERR_FSYNC');
  });
  expect(await refusal(store.put('/b', { body }, 'absent'))).toBe('OUTCOME_UNKNOWN unknown');
  expect(await store.get('/b')).toBe(undefined);
  raw.close();
});

test.each([
  ['SQLITE_FULL', 'STORAGE_FULL not-applied'],
  ['SQLITE_BUSY', 'BUSY not-applied'],
])('a commit that fails with %s has not landed, and is undone', async (code, expected) => {
  const { raw, store, onCommit } = await open();
  onCommit(() => {
    throw new DriverError(code);
  });
  expect(await refusal(store.put('/b', { body }, 'absent'))).toBe(expected);
  expect(raw.inTransaction).toBe(false);
  expect(await store.get('/b')).toBe(undefined);
  raw.close();
});

test('a commit that finds readers in the way is tried again', async () => {
  const { raw, store, onCommit } = await open();
  onCommit(() => {
    throw new DriverError('SQLITE_BUSY');
  }, 3);
  await store.put('/b', { body }, 'absent');
  expect((await store.get('/b'))?.body).toEqual(body);
  raw.close();
});

test('a write that fails before its commit is not applied, and the next one works', async () => {
  const { raw, store, faulty } = await open();
  faulty.intercept = (text, run) => {
    if (text.startsWith('insert')) throw new DriverError('SQLITE_IOERR_READ');
    return run();
  };
  const error = await rejection(store.put('/b', { body }, 'absent'));
  expect(error).toMatchObject({ code: 'BACKEND_FAILED', outcome: 'not-applied', operation: 'put', path: '/b' });
  expect(error.rawCause()).toBeInstanceOf(DriverError);
  faulty.intercept = (_text, run) => run();
  await store.put('/b', { body }, 'absent');
  raw.close();
});

test('a write that changed nothing has no commit that could fail', async () => {
  const { raw, store, version, onCommit, faulty } = await open();
  onCommit(() => expect.fail('there is nothing to commit'));
  expect(await refusal(store.put('/a', { body }, 'absent'))).toBe('VERSION_MISMATCH not-applied');
  expect(await refusal(store.delete('/b', { version }))).toBe('VERSION_MISMATCH not-applied');
  expect(await store.delete('/b', 'any')).toEqual({ deleted: false });
  faulty.intercept = (text, run) => {
    if (text.startsWith('insert') || text === 'commit') throw new DriverError('SQLITE_CORRUPT');
    return run();
  };
  expect(await refusal(store.put('/c', { body }, 'any'))).toBe('CORRUPT not-applied');
  expect(raw.inTransaction).toBe(false);
  raw.close();
});

test('statements are prepared once, however much is done', async () => {
  const { raw, store, faulty } = await open();
  const everything = async (path: string): Promise<void> => {
    const { version } = await store.put(path, { body }, 'absent');
    await store.put(path, { body }, { version });
    await store.put(path, { body }, 'any');
    await store.get(path);
    await store.list('/');
    for await (const _entry of store.entries('/x'));
    await refusal(store.delete(path, { version }));
    await store.delete(path, 'any');
  };
  await everything('/b');
  const { length } = faulty.prepared;
  for (let round = 0; round < 100; round += 1) await everything('/b');
  // A read after a lost write takes the lock, with one statement more.
  expect(faulty.prepared.slice(length).filter((text) => text !== 'rollback')).toEqual([]);
  expect(faulty.prepared.length - length).toBeLessThanOrEqual(1);
  raw.close();
});

/** Lets a commit and so many rollbacks after it fail. */
function onEnd(faulty: { intercept: FaultyDatabase['intercept'] }, rollbacks: number): void {
  let left = rollbacks;
  faulty.intercept = (text, run) => {
    if (text === 'commit') throw new DriverError('SQLITE_FULL');
    if (text !== 'rollback' || left === 0) return run();
    left -= 1;
    throw new DriverError('SQLITE_NOMEM');
  };
}

test('a rollback that fails is tried again at once: nothing is left open, and what follows works', async () => {
  const { raw, store, faulty } = await open();
  onEnd(faulty, 2);
  expect(await refusal(store.put('/b', { body }, 'absent'))).toBe('STORAGE_FULL not-applied');
  expect(raw.inTransaction).toBe(false);
  faulty.intercept = (_text, run) => run();
  await store.put('/b', { body }, 'absent');
  raw.close();
});

test('what cannot be rolled back on the connection of somebody else is unknown: they may commit it', async () => {
  const { raw, store, faulty } = await open();
  onEnd(faulty, Infinity);
  expect(await refusal(store.put('/b', { body }, 'absent'))).toBe('OUTCOME_UNKNOWN unknown');
  raw.prepare('commit').run();
  expect((await store.get('/b'))?.body).toEqual(body);
  raw.close();
});

test('what cannot be rolled back on a connection of ours is, before anything else is done with it', async () => {
  const raw = await openRaw(':memory:');
  const faulty = makeFaulty(raw);
  const connection = new SqliteConnection(faulty.database, { owned: true });
  raw.prepare('create table t (x)').run();
  onEnd(faulty, Infinity);
  connection.begin();
  connection.prepare('insert into t values (1)').run();
  expect(connection.rollBack()).toBe(true);
  expect(raw.inTransaction).toBe(true);
  faulty.intercept = (_text, run) => run();
  expect(connection.exclusively(() => connection.prepare('select * from t').all())).toEqual([]);
  connection.close();
});

test('a busy timeout that cannot be turned on again makes no failure of a write that landed, and is turned on later', async () => {
  const raw = await openRaw(':memory:', { timeout: 1234 });
  let fails = false;
  const database = Object.create(raw, {
    pragma: {
      value: (source: string, options?: { readonly simple?: boolean }) => {
        if (fails && source === 'busy_timeout = 1234') throw new DriverError('SQLITE_NOMEM');
        return raw.pragma(source, options);
      },
    },
  }) as typeof raw;
  const store = await openSqlite({ database });
  fails = true;
  await store.put('/a', { body }, 'absent');
  fails = false;
  expect((await store.get('/a'))?.body).toEqual(body);
  expect(raw.pragma('busy_timeout', { simple: true })).toBe(1234);
  raw.close();
});
