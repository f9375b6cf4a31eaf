import { isHoldfastError } from '@holdfast/core';
import { isError } from '@holdfast/core/adapter';
import { sql, SqliteAdapter, SqliteQueryCompiler } from 'kysely';
import type { SqlProfile } from '../profile.ts';
import { isMissingTableMessage } from './result-codes.ts';
import { SqliteTableNames } from './table-names.ts';

/** Kysely leaves SQLite's transactional DDL unused; a half-made schema would be the price. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** The SQLite dialect, for every adapter that has SQLite behind it. */
export const sqliteProfile: SqlProfile = Object.freeze<SqlProfile>({
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createAdapter: () => new TransactionalSqliteAdapter(),
  createIntrospector: (db) => new SqliteTableNames(db),
  // `text` compares with `memcmp` in a database that is encoded in UTF-8.
  types: { text: 'text', bytes: 'blob' },
  // Without it a column holds values of any type.
  tableOptions: 'strict',
  // Nothing qualifies them; `instr` is what it is called here.
  functions: { character: 'char', length: 'length', position: 'instr', replace: 'replace', substring: 'substr' },
  operator: (symbol) => symbol,
  schemaOfIndex: 'on-index',
  objectNames: (schema) => sql`select name from ${sql.id(schema ?? 'main', 'sqlite_master')}`,
  foldsNames: true,
  // SQLite has no limit of its own; this is more than prefix and suffix can make.
  longestName: 255,
  reservedPrefix: /^sqlite_/i,
  reservedSchema: undefined,
  isMissingTable: (error) =>
    isHoldfastError(error, 'SCHEMA_UNSUPPORTED') || (isError(error) && isMissingTableMessage(error.message)),
});
