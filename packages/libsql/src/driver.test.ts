import { createClient } from '@libsql/client';
import { parsePath } from '@holdfast/core';
import { mintVersion } from '@holdfast/core/adapter';
import {
  createStatements,
  migrate,
  migrationKysely,
  nameTables,
  fragileSqliteProfile,
  putMember,
  type WriteGroup,
  NO_DEADLINE,
} from '@holdfast/sql';
import { expect, test } from 'vitest';
import { makeTables, serverConfig } from '../test/support/server.ts';
import type { CreateClient } from './client.ts';
import type { LibsqlConnection } from './connection.ts';
import { LibsqlDriver } from './driver.ts';
import { FileConnection } from './file-connection.ts';
import { LibsqlMigrationConnection } from './migration-connection.ts';
import { connectToServer } from './open-server.ts';

const connections: Record<string, () => LibsqlConnection> = {
  memory: () =>
    new FileConnection({ client: createClient({ url: ':memory:' }), owned: true, file: '', busyTimeoutMs: 0 }),
  http: () => connectToServer(createClient as CreateClient, serverConfig('http'), 0),
  ws: () => connectToServer(createClient as CreateClient, serverConfig('ws'), 0),
};

test.each(Object.keys(connections))('each write of a list has a result of its own (%s)', async (mode) => {
  await using prefix = makeTables();
  const tables = nameTables({ tablePrefix: prefix.tablePrefix }, fragileSqliteProfile);
  const statements = createStatements(fragileSqliteProfile, tables);
  const connection = connections[mode]?.() as LibsqlConnection;
  const db = migrationKysely(fragileSqliteProfile, new LibsqlMigrationConnection(connection, NO_DEADLINE));
  await migrate({ db, profile: fragileSqliteProfile, tables, mode: 'auto' });
  const driver = new LibsqlDriver(connection, tables);
  const create = (path: string, body: unknown = new Uint8Array(1)): WriteGroup => {
    const entry = { kind: undefined, contentType: 'a/b', indexed: undefined, body: body as Uint8Array };
    return [putMember(statements, { path: parsePath(path), entry, expectation: 'absent', version: mintVersion() })];
  };
  const isThere = async (path: string) =>
    (await driver.read(statements.version.query({ path }), NO_DEADLINE)).length === 1;

  expect(await driver.write([create('/a'), create('/a'), create('/b')], NO_DEADLINE)).toEqual([
    { changed: [1] },
    { unmet: [0] },
    { changed: [1] },
  ]);
  // A strict table takes no text for a body. That fails the batch, but must not fail the others.
  const [first, second, third] = await driver.write([create('/c'), create('/d', 'text'), create('/e')], NO_DEADLINE);
  expect([first, third]).toEqual([{ changed: [1] }, { changed: [1] }]);
  expect(second).toMatchObject({ error: { code: 'BACKEND_FAILED', outcome: 'not-applied' } });
  expect(await Promise.all(['/a', '/b', '/c', '/d', '/e'].map(isThere))).toEqual([true, true, true, false, true]);
  await driver.close();
});
