import { CasApply, casUpdate, jsonCodec } from '@holdfast/core';
import { requests } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { openSqlite } from '../src/index.ts';
import { loadDriver } from '../src/load-driver.ts';

const CALLS = 200;
const counters = jsonCodec<number>({ kind: 'counter' });

test('all that a call hears is in its async context, and so are the statements that are not of several calls', async () => {
  const { all, saw, misplaced } = requests();
  let statements = 0;
  const verbose = (sql: string): void => {
    statements += 1;
    // Writes of several calls are one transaction.
    if (sql.startsWith('select')) saw('a read', sql);
    // So that the slice of a turn is soon over, and others queue.
    const until = performance.now() + 0.05;
    while (performance.now() < until);
  };
  const Database = await loadDriver();
  const database = new Database(':memory:', { verbose } as object);
  await using store = await openSqlite({ database });
  await all(CALLS, async (path) => {
    await store.put(path, { body: new Uint8Array(9) }, 'absent');
    saw('what follows', path);
    await store.get(path);
    await store.list(path);
    for await (const found of store.entries(path)) saw('an entry', found.path);
    await store.delete(path, 'any');
  });
  // Below a few counters, so that updates lose races and take turns at reading again.
  await all(CALLS, async (path) => {
    const counter = `/shared/${Number(path.slice(2)) % 5}`;
    await casUpdate(store, counter, counters, (count = 0) => {
      saw('apply', path);
      return CasApply.write(count + 1);
    });
    saw('what follows', path);
  });
  expect(misplaced).toEqual([]);
  expect(statements).toBeGreaterThan(CALLS * 5);
  database.close();
});
