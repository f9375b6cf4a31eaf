import { sql } from 'kysely';
import type { SqlRow } from '../driver.ts';
import type { SqlProfile } from '../profile.ts';
import type { Tables } from '../schema/tables.ts';
import { createCompiler } from '../statements/compiler.ts';
import { compileStatement, type SqlQuery } from '../statements/statement.ts';

/** How many paths one statement reads on SQLite: what it takes beside the rows is little then, and it is over in a fraction of a millisecond. */
const MOST_PATHS_TOGETHER = 128;

/**
 * How long a body may be to come along with others on SQLite, in bytes; a longer one is read by itself. The rows of a statement are
 * copied in one go, on the event loop: at most 4 MiB then, in about a millisecond.
 */
const LONGEST_BODY_TOGETHER: number = 32 * 1024;

/** Reads the entries at many paths, on SQLite and what derives from it. */
export interface GetsStatement {
  /** How many paths it takes. */
  readonly most: number;
  query(paths: readonly string[]): SqlQuery;
  /** The place among the paths that a row is for. */
  placeOf(row: SqlRow): number;
  /** Whether the body of a row is there; one that is too long to come along is not. */
  isWhole(row: SqlRow): boolean;
}

/** The {@link GetsStatement} for these tables. */
export function getsStatement(profile: SqlProfile, tables: Tables): GetsStatement {
  const { db, entriesSql } = createCompiler(profile, tables);
  const text = (column: string, characters: 'ascii' | 'any') =>
    sql`${profile.readText(sql.ref(`e.${column}`), characters)} as ${sql.id(column)}`;
  // The paths are the outer loop of a cross join, whatever the tables are like: one seek for each.
  const statement = compileStatement<{ readonly paths: string }>('gets', ({ paths }) => ({
    compile: () =>
      sql`
    select m.key as place, ${text('kind', 'ascii')}, ${text('content_type', 'ascii')}, ${text('indexed', 'any')},
      ${text('version', 'ascii')},
      case when length(e.body) <= ${sql.lit(LONGEST_BODY_TOGETHER)} then e.body end as body
    from json_each(${paths}) as m cross join ${entriesSql} as e on e.path = m.value
  `.compile(db),
  }));
  return Object.freeze<GetsStatement>({
    most: MOST_PATHS_TOGETHER,
    query: (paths) => statement.query({ paths: JSON.stringify(paths) }),
    placeOf: (row) => row['place'] as number,
    isWhole: (row) => row['body'] !== null,
  });
}
