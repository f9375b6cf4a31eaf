import {
  checkMember,
  createStatements,
  deleteMember,
  fragileSqliteProfile,
  migrate,
  migrationKysely,
  nameTables,
  NO_DEADLINE,
  putMember,
} from '@holdfast/sql';
import { GroupPort } from '@holdfast/test-support';
import type { LibsqlConnection } from '../../src/connection.ts';
import { LibsqlDriver } from '../../src/driver.ts';
import { LibsqlMigrationConnection } from '../../src/migration-connection.ts';

/** A driver on a connection, which the port closes. */
export async function openGroupPort(connection: LibsqlConnection, tablePrefix?: string): Promise<GroupPort> {
  const tables = nameTables({ tablePrefix }, fragileSqliteProfile);
  const db = migrationKysely(fragileSqliteProfile, new LibsqlMigrationConnection(connection, NO_DEADLINE));
  await migrate({ db, profile: fragileSqliteProfile, tables, mode: 'auto' });
  const driver = new LibsqlDriver(connection, tables);
  const statements = createStatements(fragileSqliteProfile, tables);
  return new GroupPort({ driver, statements, putMember, deleteMember, checkMember }, NO_DEADLINE);
}
