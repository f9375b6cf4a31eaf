import {
  checkMember,
  createStatements,
  deleteMember,
  getsStatement,
  migrate,
  migrationKysely,
  nameTables,
  NO_DEADLINE,
  putMember,
  sqliteProfile,
} from '@holdfast/sql';
import { GroupPort } from '@holdfast/test-support';
import { SqliteConnection } from '../../src/connection.ts';
import type { SqliteDatabase } from '../../src/index.ts';
import { SqliteDriver } from '../../src/driver.ts';
import { SqliteMigrationConnection } from '../../src/migration-connection.ts';
import { openRaw } from './raw-database.ts';

const tables = nameTables({}, sqliteProfile);

/** A driver on a file, with a write-ahead log, or in memory; `wrap` puts something around its connection. */
export async function openGroupPort(
  file: string,
  wrap: (database: SqliteDatabase) => SqliteDatabase = (database) => database,
): Promise<GroupPort> {
  const database = await openRaw(file, { timeout: 0 });
  database.pragma('journal_mode = wal');
  const connection = new SqliteConnection(wrap(database), { owned: true });
  const db = migrationKysely(sqliteProfile, new SqliteMigrationConnection(connection, 5000));
  await migrate({ db, profile: sqliteProfile, tables, mode: 'auto' });
  const driver = new SqliteDriver({
    connection,
    busyTimeoutMs: 20_000,
    getsStatement: getsStatement(sqliteProfile, tables),
  });
  const statements = createStatements(sqliteProfile, tables);
  return new GroupPort({ driver, statements, putMember, deleteMember, checkMember }, NO_DEADLINE);
}
