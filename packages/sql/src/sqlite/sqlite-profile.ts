import { isHoldfastError } from '@holdfast/core';
import { isError } from '@holdfast/core/adapter';
import { sql, SqliteAdapter, SqliteQueryCompiler, type RawBuilder } from 'kysely';
import type { SqlProfile } from '../profile.ts';
import { isMissingTableMessage } from './result-codes.ts';
import { SqliteTableNames } from './table-names.ts';

/** Kysely leaves SQLite's transactional DDL unused; a half-made schema would be the price. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** As bytes, which SQLite gives of a text as they are stored. */
const asBytes = (column: RawBuilder<unknown>): RawBuilder<unknown> => sql`cast(${column} as blob)`;

/**
 * The SQLite dialect, for drivers that put U+FFFD for what is not UTF-8: nothing tells that from a character that was
 * stored. Only where there may be none can text be read as it is, which costs a microsecond less for each column.
 */
export const sqliteProfile: SqlProfile = Object.freeze<SqlProfile>({
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createAdapter: () => new TransactionalSqliteAdapter(),
  createIntrospector: (db) => new SqliteTableNames(db),
  // `text` compares with `memcmp` in a database that is encoded in UTF-8.
  types: { text: 'text', bytes: 'blob' },
  // Without it a column holds values of any type.
  tableOptions: 'strict',
  // Nothing qualifies them; `instr` is what it is called here.
  functions: {
    character: 'char',
    length: 'length',
    position: 'instr',
    replace: 'replace',
    substring: 'substr',
    sum: 'sum',
  },
  operator: (symbol) => symbol,
  readText: (column, characters) => (characters === 'ascii' ? column : asBytes(column)),
  schemaOfIndex: 'on-index',
  objectNames: (schema) =>
    sql`select ${asBytes(sql.ref('name'))} as name from ${sql.id(schema ?? 'main', 'sqlite_master')}`,
  foldsNames: true,
  // SQLite has no limit of its own; this is more than prefix and suffix can make.
  longestName: 255,
  reservedPrefix: /^sqlite_/i,
  reservedSchema: undefined,
  isMissingTable: (error) =>
    isHoldfastError(error, 'SCHEMA_UNSUPPORTED') || (isError(error) && isMissingTableMessage(error.message)),
});

/** The SQLite dialect, for drivers that do not survive reading a text that is not UTF-8. */
export const fragileSqliteProfile: SqlProfile = Object.freeze<SqlProfile>({ ...sqliteProfile, readText: asBytes });
