import { expect, test } from 'vitest';
import { loadDriver } from './load-driver.ts';
import { sqliteVersion } from './pragmas.ts';
import { hasWalResetBug } from './wal-reset.ts';

test.each(['3.7.0', '3.44.5', '3.45.0', '3.46.1', '3.49.2', '3.50.6', '3.51.0', '3.51.2', '', 'x', '2.8.17'])(
  'SQLite %j has the bug, or might have it',
  (version) => expect(hasWalResetBug(version)).toBe(true),
);

test.each(['3.44.6', '3.50.7', '3.51.3', '3.51.10', '3.52.0', '3.53.0', '3.54.1', '3.100.0', '4.0.0'])(
  'SQLite %s does not have it',
  (version) => expect(hasWalResetBug(version)).toBe(false),
);

test('the SQLite of the driver that comes with the workspace does not have it', async () => {
  const Database = await loadDriver();
  const database = new Database(':memory:');
  expect(hasWalResetBug(sqliteVersion(database))).toBe(false);
  database.close();
});
