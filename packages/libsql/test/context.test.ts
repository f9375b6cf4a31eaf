import { CasApply, casUpdate, jsonCodec } from '@holdfast/core';
import { requests } from '@holdfast/test-support';
import { NO_DEADLINE } from '@holdfast/sql';
import { createClient } from '@libsql/client';
import { expect, test } from 'vitest';
import { bind } from '../src/bind.ts';
import type { LibsqlClient, LibsqlStatement } from '../src/client.ts';
import { FileConnection } from '../src/file-connection.ts';
import { openLibsql, type LibsqlConfig } from '../src/index.ts';
import { makeScratch } from './support/scratch.ts';
import { makeTables, serverConfig } from './support/server.ts';
import { writeStatements } from '../src/work.ts';

const CALLS = 200;
const counters = jsonCodec<number>({ kind: 'counter' });

test('every statement on a file is given to the driver in the async context of its call', async () => {
  const { all, saw, misplaced } = requests();
  await using scratch = await makeScratch();
  const real = createClient({ url: scratch.config.url, concurrency: 1, timeout: 0 });
  const executed = (statement: LibsqlStatement): void => {
    saw('a statement', statement.args);
    const until = performance.now() + 0.05;
    while (performance.now() < until);
  };
  const client: LibsqlClient = {
    protocol: real.protocol,
    closed: false,
    execute: (statement) => (executed(statement), real.execute(statement)),
    batch: (statements, mode) => real.batch(statements, mode),
    executeMultiple: (sql) => real.executeMultiple(sql),
    reconnect: () => real.reconnect(),
    close: () => real.close(),
    async transaction(mode) {
      const transaction = await real.transaction(mode);
      return {
        execute: (statement) => (executed(statement), transaction.execute(statement)),
        executeMultiple: (sql) => transaction.executeMultiple(sql),
        commit: () => transaction.commit(),
        close: () => transaction.close(),
      };
    },
  };
  const connection = new FileConnection({ client, owned: true, file: scratch.file, busyTimeoutMs: 1000 });
  await writeStatements(connection, [bind('create table t (k text)', [])], NO_DEADLINE);
  await all(CALLS, async (path) => {
    await connection.read(bind('select k from t where k = ?', [path]), NO_DEADLINE);
    saw('what follows', path);
    await writeStatements(connection, [bind('insert into t values (?)', [path])], NO_DEADLINE);
    saw('what follows', path);
  });
  connection.close();
  expect(misplaced).toEqual([]);
});

test('all that a call to a server hears is in its async context, and so are the requests that are not of several calls', async () => {
  const found = requests();
  await using tables = makeTables();
  const config: LibsqlConfig = {
    ...serverConfig('http'),
    concurrency: 2,
    async fetch(request, options) {
      const asked = await request.clone().text();
      // Reads of an entry, and writes, may be those of several calls.
      const isShared = !/\/r\d+\//.test(asked);
      if (!isShared) found.saw('a request', asked);
      const response = await fetch(request, options);
      if (!isShared) found.saw('what follows a request', asked);
      return response;
    },
  };
  await using store = await openLibsql({ config, ...tables.options });
  await found.all(CALLS, async (path) => {
    await store.list(path);
    found.saw('what follows', path);
    await store.get(path);
    found.saw('what follows', path);
    // Writes take a server long, and one after the other.
    if (!path.endsWith('5')) return;
    await store.put(path, { body: new Uint8Array(9) }, 'absent');
    await casUpdate(store, '/shared', counters, (count = 0) => {
      found.saw('apply', path);
      return CasApply.write(count + 1);
    });
    found.saw('what follows', path);
  });
  expect(found.misplaced).toEqual([]);
  expect(found.seen).toBeGreaterThanOrEqual(CALLS * 2);
});
