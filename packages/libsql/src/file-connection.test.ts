import { setImmediate as nextTurn } from 'node:timers/promises';
import { mintVersion } from '@holdfast/core/adapter';
import { createClient, LibsqlError } from '@libsql/client';
import { expect, test, vi } from 'vitest';
import { NO_DEADLINE, type SqlQuery } from '@holdfast/sql';
import { makeScratch } from '../test/support/scratch.ts';
import { bind } from './bind.ts';
import type { LibsqlClient } from './client.ts';
import { LibsqlDriver } from './driver.ts';
import { FileConnection } from './file-connection.ts';

test('a connection that was BUSY all the same is replaced before anything reads through it', async () => {
  await using scratch = await makeScratch();
  const holder = scratch.raw();
  await holder.executeMultiple('pragma journal_mode = wal; create table t (k text)');
  const real = createClient({ url: scratch.config.url, concurrency: 1 });
  const client: LibsqlClient = {
    protocol: real.protocol,
    closed: false,
    execute: (statement) => real.execute(statement),
    batch: (statements, mode) => real.batch(statements, mode),
    // As if somebody had taken the lock right after it was found free.
    executeMultiple: async () => {},
    reconnect: () => real.reconnect(),
    close: () => real.close(),
  };
  const connection = new FileConnection({ client, owned: true, file: scratch.file, busyTimeoutMs: 0 });
  const transaction = await holder.transaction('write');
  await transaction.execute("insert into t values ('theirs')");
  const write = connection.write([bind("insert into t values ('ours')", [])], NO_DEADLINE);
  const read = (): Promise<readonly unknown[]> => connection.read(bind('select k from t', []), NO_DEADLINE);
  const during = read();
  await expect(write).rejects.toMatchObject({ code: 'BUSY', outcome: 'not-applied' });
  expect(await during).toEqual([]);
  await transaction.commit();
  expect(await read()).toEqual([{ k: 'theirs' }]);
  expect(await connection.write([bind("insert into t values ('ours')", [])], NO_DEADLINE)).toEqual([1]);
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
      executeMultiple: locked,
      reconnect: () => {},
      close: () => {},
    };
    const connection = new FileConnection({ client, owned: true, file: '/locked.db', busyTimeoutMs: 1000 });
    const driver = new LibsqlDriver(connection);
    const query = { statement: { text: 'x' }, values: [] } as unknown as SqlQuery;
    const ends: string[] = [];
    const write = () => driver.write([{ query, expects: { query, version: mintVersion() } }], NO_DEADLINE);
    for (const name of ['first', 'behind it']) void write().catch(() => ends.push(name));
    await vi.advanceTimersByTimeAsync(990);
    expect(ends).toEqual([]);
    await vi.advanceTimersByTimeAsync(20);
    await nextTurn();
    expect(ends.toSorted()).toEqual(['behind it', 'first']);
    await driver.close();
  } finally {
    // Also the turn of the event loop that is due.
    vi.runAllTimers();
    vi.useRealTimers();
  }
});
