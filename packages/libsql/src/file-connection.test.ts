import { createClient } from '@libsql/client';
import { expect, test } from 'vitest';
import { NO_DEADLINE } from '@holdfast/sql';
import { makeScratch } from '../test/support/scratch.ts';
import { bind } from './bind.ts';
import type { LibsqlClient } from './client.ts';
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
