import { parsePath } from '@holdfast/core';
import { mintVersion, type OperationContext } from '@holdfast/core/adapter';
import {
  createStatements,
  getsStatement,
  migrate,
  migrationKysely,
  nameTables,
  sqliteProfile,
  putMember,
  type WriteGroup,
} from '@holdfast/sql';
import { expect, test } from 'vitest';
import { SqliteConnection } from './connection.ts';
import { SqliteDriver } from './driver.ts';
import { loadDriver } from './load-driver.ts';
import { SqliteMigrationConnection } from './migration-connection.ts';

const context: OperationContext = { signal: new AbortController().signal, remainingMs: () => Infinity };
const tables = nameTables({}, sqliteProfile);
const statements = createStatements(sqliteProfile, tables);

async function openDriver() {
  const Database = await loadDriver();
  const connection = new SqliteConnection(new Database(':memory:'), { owned: true });
  const db = migrationKysely(sqliteProfile, new SqliteMigrationConnection(connection, 0));
  await migrate({ db, profile: sqliteProfile, tables, mode: 'auto' });
  return {
    driver: new SqliteDriver({ connection, busyTimeoutMs: 0, getsStatement: getsStatement(sqliteProfile, tables) }),
    connection,
  };
}

function create(path: string, body: Uint8Array = new Uint8Array(1)): WriteGroup[0] {
  const entry = { kind: undefined, contentType: 'a/b', indexed: undefined, body };
  return putMember(statements, { path: parsePath(path), entry, expectation: 'absent', version: mintVersion() });
}

test('each write of a list has a result of its own, in the order of the list', async () => {
  const { driver } = await openDriver();
  expect(await driver.write([[create('/a')], [create('/a')], [create('/b')]], context)).toEqual([
    { changed: [1] },
    { unmet: [0] },
    { changed: [1] },
  ]);
  expect(await driver.write([], context)).toEqual([]);
  expect(await driver.read(statements.version.query({ path: '/b' }), context)).toHaveLength(1);
  await driver.close();
});

test('a write that fails does not fail the others', async () => {
  const { driver } = await openDriver();
  const unbindable = create('/b', true as unknown as Uint8Array);
  const [first, second, third] = await driver.write([[create('/a')], [unbindable], [create('/c')]], context);
  expect([first, third]).toEqual([{ changed: [1] }, { changed: [1] }]);
  expect(second).toMatchObject({ error: { code: 'BACKEND_FAILED', outcome: 'not-applied' } });
  expect(await driver.read(statements.version.query({ path: '/c' }), context)).toHaveLength(1);
  expect(await driver.read(statements.version.query({ path: '/b' }), context)).toEqual([]);
  await driver.close();
});

test('of a failure that ends the whole transaction only those hear who are to blame, and the others land', async () => {
  const { driver, connection } = await openDriver();
  // As SQLite does by itself when it finds the disk full.
  const rollBack = "when new.path like '/b%' begin select raise(rollback, 'full'); end";
  connection.database.prepare(`create trigger full after insert on holdfast_entries ${rollBack}`).run();
  const groups: WriteGroup[] = [[create('/a')], [create('/b')], [create('/c'), create('/b2')], [create('/d')]];
  const [first, second, third, fourth] = await driver.write(groups, context);
  expect([first, fourth]).toEqual([{ changed: [1] }, { changed: [1] }]);
  for (const failed of [second, third]) {
    expect(failed).toMatchObject({ error: { code: 'BACKEND_FAILED', outcome: 'not-applied' } });
  }
  const there = await Promise.all(
    ['/a', '/b', '/c', '/b2', '/d'].map((path) => driver.read(statements.version.query({ path }), context)),
  );
  expect(there.map((rows) => rows.length)).toEqual([1, 0, 0, 0, 1]);
  expect(connection.database.inTransaction).toBe(false);
  await driver.close();
});

test('a group of several in which one fails is undone, and the others land', async () => {
  const { driver } = await openDriver();
  const unbindable = create('/c', true as unknown as Uint8Array);
  const groups: WriteGroup[] = [[create('/a')], [create('/b'), unbindable], [create('/d'), create('/e')]];
  const [first, second, third] = await driver.write(groups, context);
  expect([first, third]).toEqual([{ changed: [1] }, { changed: [1, 1] }]);
  expect(second).toMatchObject({ error: { code: 'BACKEND_FAILED', outcome: 'not-applied' } });
  expect(await driver.read(statements.version.query({ path: '/b' }), context)).toEqual([]);
  await driver.close();
});
