import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { sqliteProfile, type SqlProfile } from '../../src/index.ts';

/** A dialect that differs from SQLite in everything a profile can differ in. It only compiles. */
export const numberedProfile: SqlProfile = {
  ...sqliteProfile,
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
  types: { text: 'text collate "C"', bytes: 'bytea' },
  tableOptions: undefined,
  characterFunction: 'chr',
  positionFunction: 'strpos',
  schemaOfIndex: 'on-table',
  longestName: 63,
};
