import { sql } from 'kysely';
import type { SqlProfile } from '../profile.ts';
import type { SqlRow } from '../driver.ts';
import type { WriteGroup } from '../group.ts';
import type { Tables } from '../schema/tables.ts';
import { createCompiler } from '../statements/compiler.ts';

/** What a guard fails with, before the places of the members. */
const MARK = 'holdfast: unmet ';

const FAILED = new RegExp(`${MARK}([0-9]+(?:,[0-9]+)*)`);

/** A text of SQL with the one value of its only placeholder. */
interface UnmetQuery {
  readonly text: string;
  readonly value: string;
}

/** Asks for all members of a group whose expectation does not hold, in one statement, on SQLite and what derives from it. */
export interface UnmetStatement {
  query(group: WriteGroup): UnmetQuery;
  /** The places of those members in the rows of that query. */
  placesIn(rows: readonly SqlRow[]): readonly number[];
  /** Fails when one does not hold, and does nothing otherwise: for a batch that goes on for as long as nothing fails. */
  guard(group: WriteGroup): UnmetQuery;
  /** The places of those members in the message of what a guard failed with; `undefined` in any other message. */
  placesInMessage(message: string): readonly number[] | undefined;
}

/** The {@link UnmetStatement} for these tables. */
export function unmetStatement(profile: SqlProfile, tables: Tables): UnmetStatement {
  const { db, entriesSql } = createCompiler(profile, tables);
  const compile = (query: ReturnType<typeof sql>): string => query.compile(db).sql;
  // The members are the outer loop of a left join, whatever the tables are like: one seek for each.
  const members = sql`
    from json_each(${sql.raw('?')}) as member
    left join ${entriesSql} as entry on entry.path = json_extract(member.value, '$[1]')
    where coalesce(entry.version, '') <> json_extract(member.value, '$[2]')
  `;
  const places = sql`group_concat(json_extract(member.value, '$[0]'))`;
  const query = compile(sql`select ${places} as unmet ${members}`);
  // A path of JSON that is none: nothing else that a statement can do outside of a trigger fails with a text of one's own.
  // Without places there is no text either, and of a path that is null comes null.
  const guard = compile(sql`select json_extract('{}', ${sql.lit(MARK)} || ${places}) as failed ${members}`);
  const statement: UnmetStatement = {
    query: (group) => ({ text: query, value: expectationsOf(group) }),
    guard: (group) => ({ text: guard, value: expectationsOf(group) }),
    placesIn: ([row]) => (typeof row?.['unmet'] === 'string' ? parsePlaces(row['unmet']) : []),
    placesInMessage(message) {
      const [, found] = FAILED.exec(message) ?? [];
      return found === undefined ? undefined : parsePlaces(found);
    },
  };
  return Object.freeze(statement);
}

/** The places in a list with commas between them, least first. */
function parsePlaces(text: string): readonly number[] {
  return text
    .split(',')
    .map(Number)
    .toSorted((a, b) => a - b);
}

/** Place, path and version of each member that expects something, as JSON. No version is empty. */
function expectationsOf(group: WriteGroup): string {
  const rows = group.flatMap(({ path, expects }, place) =>
    expects === undefined ? [] : [[place, path, expects.version ?? '']],
  );
  return JSON.stringify(rows);
}
