import { setImmediate as nextTurn } from 'node:timers/promises';
import { mintVersion } from '@holdfast/core/adapter';
import { createClient, LibsqlError, type Client, type Transaction } from '@libsql/client';
import { followGlobals } from '@holdfast/test-support';
import { beforeEach, expect, test, vi } from 'vitest';
import { fragileSqliteProfile, nameTables, NO_DEADLINE, type SqlQuery, type WriteGroup } from '@holdfast/sql';
import { makeScratch, type Scratch } from '../test/support/scratch.ts';
import { bind } from './bind.ts';
import type { LibsqlClient, LibsqlTransaction } from './client.ts';
import { LibsqlDriver } from './driver.ts';
import { FileConnection } from './file-connection.ts';
import { writeStatements, type LibsqlWork } from './work.ts';

beforeEach(followGlobals);

/** The driver's client on the file, as the adapter makes it, but for what is given. */
function makeClient(scratch: Scratch, instead: (real: Client) => Partial<LibsqlClient>): LibsqlClient {
  const real = createClient({ url: scratch.config.url, concurrency: 1, timeout: 0 });
  return {
    protocol: real.protocol,
    closed: false,
    execute: (statement) => real.execute(statement),
    batch: (statements, mode) => real.batch(statements, mode),
    transaction: (mode) => real.transaction(mode),
    executeMultiple: (sql) => real.executeMultiple(sql),
    reconnect: () => real.reconnect(),
    close: () => real.close(),
    ...instead(real),
  };
}

/** The driver's transaction, but for what is given. */
function makeTransaction(real: Transaction, instead: Partial<LibsqlTransaction>): LibsqlTransaction {
  return {
    execute: (statement) => real.execute(statement),
    executeMultiple: (sql) => real.executeMultiple(sql),
    commit: () => real.commit(),
    close: () => real.close(),
    ...instead,
  };
}

test('a connection that was BUSY all the same is replaced before anything reads through it', async () => {
  await using scratch = await makeScratch();
  const holder = scratch.raw();
  await holder.executeMultiple('pragma journal_mode = wal; create table t (k text)');
  let first = true;
  const client = makeClient(scratch, (real) => ({
    async transaction(mode) {
      const transaction = await real.transaction(mode);
      if (!first) return transaction;
      first = false;
      // As if the lock had been taken.
      return makeTransaction(transaction, { executeMultiple: async () => {} });
    },
  }));
  const connection = new FileConnection({ client, owned: true, file: scratch.file, busyTimeoutMs: 0 });
  const transaction = await holder.transaction('write');
  await transaction.execute("insert into t values ('theirs')");
  const write = writeStatements(connection, [bind("insert into t values ('ours')", [])], NO_DEADLINE);
  const read = (): Promise<readonly unknown[]> => connection.read(bind('select k from t', []), NO_DEADLINE);
  const during = read();
  await expect(write).rejects.toMatchObject({ code: 'BUSY', outcome: 'not-applied' });
  expect(await during).toEqual([]);
  await transaction.commit();
  expect(await read()).toEqual([{ k: 'theirs' }]);
  expect(await writeStatements(connection, [bind("insert into t values ('ours')", [])], NO_DEADLINE)).toEqual([1]);
  connection.close();
});

test('a reader of a file without a log keeps a write waiting, whenever it comes, and leaves no lock behind', async () => {
  await using scratch = await makeScratch();
  const other = scratch.raw();
  await other.executeMultiple('pragma journal_mode = delete; create table t (k text)');
  const steps = ['begin', 'lock', 'execute', 'execute'] as const;
  for (const [when, step] of steps.entries()) {
    let [taken, reader]: [number, Transaction | undefined] = [0, undefined];
    /** Lets a reader in after a step of the first try, if the lock does. */
    const after = async <T>(did: (typeof steps)[number], result: T): Promise<T> => {
      if (taken <= when) expect(did).toBe(steps[taken]);
      if (taken === when) reader = await readerOf(scratch.raw());
      taken += 1;
      return result;
    };
    const client = makeClient(scratch, (real) => ({
      async transaction(mode) {
        const transaction = await real.transaction(mode);
        return after(
          'begin',
          makeTransaction(transaction, {
            executeMultiple: async (sql) => after('lock', await transaction.executeMultiple(sql)),
            execute: async (statement) => after('execute', await transaction.execute(statement)),
          }),
        );
      },
    }));
    const connection = new FileConnection({ client, owned: true, file: scratch.file, busyTimeoutMs: 1000 });
    const insert = bind('insert into t values (?)', [step]);
    const work: LibsqlWork = {
      waitedSince: () => performance.now(),
      wait() {},
      makeWay() {},
      begin: () => [insert, insert],
      // Told each time that the file was found locked.
      async held() {
        reader?.close();
        return false;
      },
    };
    expect(await connection.write(work, NO_DEADLINE)).toMatchObject({ results: [{ rowsAffected: 1 }, {}] });
    expect(taken).toBeGreaterThan(when);
    await other.execute('delete from t');
    connection.close();
  }
});

test('a statement that fails is undone with those before it, and leaves no lock behind', async () => {
  await using scratch = await makeScratch();
  const other = scratch.raw();
  await other.executeMultiple('pragma journal_mode = delete; create table t (k text primary key)');
  const client = makeClient(scratch, () => ({}));
  const connection = new FileConnection({ client, owned: true, file: scratch.file, busyTimeoutMs: 0 });
  const insert = bind("insert into t values ('k')", []);
  const failing = writeStatements(connection, [insert, insert], NO_DEADLINE);
  await expect(failing).rejects.toMatchObject({ code: 'BACKEND_FAILED', outcome: 'not-applied' });
  expect((await other.execute('select * from t')).rows).toEqual([]);
  await other.execute("insert into t values ('theirs')");
  connection.close();
});

test('the file is locked within one turn of the event loop, however many statements there are', async () => {
  await using scratch = await makeScratch();
  await scratch.raw().executeMultiple('pragma journal_mode = wal; create table t (k text)');
  let turns = 0;
  let counting = true;
  const count = (): void => {
    turns += 1;
    if (counting) setImmediate(count);
  };
  const seen: number[] = [];
  const client = makeClient(scratch, (real) => ({
    async transaction(mode) {
      seen.push(turns);
      const transaction = await real.transaction(mode);
      return makeTransaction(transaction, {
        commit: () => transaction.commit().finally(() => seen.push(turns)),
      });
    },
  }));
  const connection = new FileConnection({ client, owned: true, file: scratch.file, busyTimeoutMs: 0 });
  count();
  await writeStatements(connection, Array(50).fill(bind("insert into t values ('k')", [])), NO_DEADLINE);
  counting = false;
  expect(turns).toBeGreaterThan(seen[0] ?? 0);
  expect(seen[1]).toBe(seen[0]);
  connection.close();
});

test('where reads find the file locked as well, a write still waits for busyTimeoutMs once', async () => {
  vi.useFakeTimers();
  try {
    const locked = (): Promise<never> => Promise.reject(new LibsqlError('database is locked', 'SQLITE_BUSY'));
    const client: LibsqlClient = {
      protocol: 'file',
      closed: false,
      execute: locked,
      batch: locked,
      transaction: locked,
      executeMultiple: locked,
      reconnect: () => {},
      close: () => {},
    };
    const connection = new FileConnection({ client, owned: true, file: '/locked.db', busyTimeoutMs: 1000 });
    const driver = new LibsqlDriver(connection, nameTables({}, fragileSqliteProfile));
    const query = { statement: { text: 'x' }, values: [] } as unknown as SqlQuery;
    const expects = { query, version: mintVersion() };
    const stale: WriteGroup[0] = { change: 'delete', path: '/a', row: undefined, query, expects };
    const ends: string[] = [];
    const write = () => driver.write([[stale]], NO_DEADLINE);
    for (const name of ['first', 'behind it']) void write().then(() => ends.push(name));
    await vi.advanceTimersByTimeAsync(990);
    expect(ends).toEqual([]);
    await vi.advanceTimersByTimeAsync(20);
    // No more time passes, but each of them may need some turns of the event loop.
    for (let turn = 0; turn < 100 && ends.length < 2; turn += 1) {
      await vi.advanceTimersByTimeAsync(0);
      await nextTurn();
    }
    expect(ends.toSorted()).toEqual(['behind it', 'first']);
    await driver.close();
  } finally {
    // Also the turn of the event loop that is due.
    vi.runAllTimers();
    vi.useRealTimers();
  }
});

/** A transaction that reads, or `undefined` where the file is locked. */
async function readerOf(client: Client): Promise<Transaction | undefined> {
  const transaction = await client.transaction('read');
  try {
    await transaction.execute('select * from t');
    return transaction;
  } catch {
    transaction.close();
    return undefined;
  }
}
