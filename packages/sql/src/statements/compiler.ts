import { DummyDriver, Kysely, sql, type RawBuilder } from 'kysely';
import type { SqlProfile } from '../profile.ts';
import type { HoldfastDatabase } from '../schema/entries-table.ts';
import type { Tables } from '../schema/tables.ts';

/** What statements are built with: a Kysely that only compiles, and the table by its real name. */
export interface Compiler {
  readonly db: Kysely<HoldfastDatabase>;
  /** To Kysely's types the table is called `entries`; in the text it has the name that {@link Tables} gives it. */
  readonly entries: 'entries';
  /** The same name, quoted and qualified, for statements written as text. */
  readonly entriesSql: RawBuilder<unknown>;
  readonly profile: SqlProfile;
}

/** A {@link Compiler} for these tables. It has no connection and needs no closing. */
export function createCompiler(profile: SqlProfile, tables: Tables): Compiler {
  const db = new Kysely<HoldfastDatabase>({
    dialect: {
      createAdapter: () => profile.createAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (any) => profile.createIntrospector(any),
      createQueryCompiler: () => profile.createQueryCompiler(),
    },
  });
  const { schema } = tables;
  return {
    db: schema === undefined ? db : db.withSchema(schema),
    entries: tables.entries as 'entries',
    entriesSql: schema === undefined ? sql.id(tables.entries) : sql.id(schema, tables.entries),
    profile,
  };
}
