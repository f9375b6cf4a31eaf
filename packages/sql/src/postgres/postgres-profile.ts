import { isHoldfastError } from '@holdfast/core';
import { PostgresAdapter, sql } from 'kysely';
import type { SqlProfile } from '../profile.ts';
import { qualifiedOperator } from './qualified-operator.ts';
import { QualifyingCompiler } from './qualifying-compiler.ts';
import { PostgresTableNames } from './table-names.ts';

/** The schema that is meant when the user names none: whatever `search_path` says, it is the same for everybody. */
export const DEFAULT_POSTGRES_SCHEMA = 'public';

/**
 * Kysely's own lock is one of the session, taken before the transaction and released after it: behind a proxy that
 * hands out a server connection for each transaction, nobody would release it. The transaction takes it instead.
 */
class TransactionLockedPostgresAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}

  override async releaseMigrationLock(): Promise<void> {}
}

/**
 * The PostgreSQL dialect. Whoever begins the transaction of a migration takes the lock of migrations in it. Every
 * function, operator, type and collation is named with its schema: what else would be found is up to `search_path`.
 */
export const postgresProfile: SqlProfile = Object.freeze<SqlProfile>({
  createQueryCompiler: () => new QualifyingCompiler(),
  createAdapter: () => new TransactionLockedPostgresAdapter(),
  createIntrospector: (db) => new PostgresTableNames(db),
  // Compares bytes, whatever the collation of the database. So does every expression over the column.
  types: { text: 'pg_catalog.text collate pg_catalog."C"', bytes: 'pg_catalog.bytea' },
  tableOptions: undefined,
  functions: {
    character: 'pg_catalog.chr',
    length: 'pg_catalog.length',
    position: 'pg_catalog.strpos',
    replace: 'pg_catalog.replace',
    substring: 'pg_catalog.substr',
    sum: 'pg_catalog.sum',
  },
  operator: qualifiedOperator,
  // A server gives no text that is not of its encoding.
  readText: (column) => column,
  schemaOfIndex: 'on-table',
  objectNames: (schema = DEFAULT_POSTGRES_SCHEMA) => sql`
    select c.relname as name
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
    where n.nspname operator(pg_catalog.=) ${schema}
  `,
  foldsNames: false,
  // NAMEDATALEN - 1.
  longestName: 63,
  reservedPrefix: /^pg_/i,
  // Quoted names keep their case, and in capitals they are nobody's.
  reservedSchema: /^(?:pg_|information_schema$)/,
  isMissingTable: (error) => isHoldfastError(error, 'SCHEMA_UNSUPPORTED'),
});
