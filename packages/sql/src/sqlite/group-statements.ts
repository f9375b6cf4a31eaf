import { sql, type RawBuilder } from 'kysely';
import type { SqlProfile } from '../profile.ts';
import type { SqlRow } from '../driver.ts';
import { isWrite, type GroupResult, type WriteGroup } from '../group.ts';
import type { Tables } from '../schema/tables.ts';
import { createCompiler } from '../statements/compiler.ts';
import type { SqlValue } from '../statements/statement.ts';

/** A text of SQL with the values of its placeholders. */
export interface BoundText {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** What a statement answered: the rows that it read, or how many it changed. */
export interface StatementResult {
  readonly rows: readonly SqlRow[];
  readonly rowsAffected: number;
}

/** What there is to know about a group before it is written. */
interface Seen {
  /** The places of all members whose expectation does not hold, least first. */
  readonly unmet: readonly number[];
  /** The places of the members that expect nothing and find an entry. */
  readonly there: readonly number[];
}

/**
 * Writes groups by statements that fail nothing when an expectation does not hold: they change nothing then, and the first
 * tells of it. So many groups can be one transaction, for which nobody has to look at an answer before its end. For SQLite and
 * what derives from it.
 */
export interface GroupStatements {
  /** Looks at all expectations of a group, as of one point in time. */
  look(group: WriteGroup): BoundText;
  /** What that has found. */
  seenIn(rows: readonly SqlRow[]): Seen;
  /** All of a group, in this order and in one transaction. The first looks at it. */
  statementsOf(group: WriteGroup): readonly BoundText[];
  /** What has become of a group, by what its statements answered; `undefined` when that is no answer to them. */
  resultOf(group: WriteGroup, results: readonly StatementResult[]): GroupResult | undefined;
}

/** The {@link GroupStatements} for these tables. */
export function groupStatements(profile: SqlProfile, tables: Tables): GroupStatements {
  const { db, entriesSql } = createCompiler(profile, tables);
  const compile = (query: RawBuilder<unknown>): string => query.compile(db).sql;
  const value = sql.raw('?');
  // The members are the outer loop of a left join, whatever the tables are like: one seek for each.
  const members = sql`
    json_each(${value}) as member left join ${entriesSql} as entry on entry.path = json_extract(member.value, '$[1]')`;
  const [place, expected] = [sql`json_extract(member.value, '$[0]')`, sql`json_extract(member.value, '$[2]')`];
  // Nothing differs from null, which stands for no expectation. No version is empty.
  const isUnmet = sql`coalesce(entry.version, '') <> ${expected}`;
  const isThere = sql`${expected} is null and entry.version is not null`;
  const allHold = sql`not exists (select 1 from ${members} where ${isUnmet})`;
  // A version is nobody else's and never comes back: where it is, the group was found to hold.
  const hasLanded = sql`exists (select 1 from ${entriesSql} where path = ${value} and version = ${value})`;
  const columns = sql.raw('path, kind, content_type, indexed, version, body');
  const put = (when: RawBuilder<unknown>) => sql`
    insert into ${entriesSql} (${columns}) select ?, ?, ?, ?, ?, ? where ${when} on conflict (path) do update set
      kind = excluded.kind, content_type = excluded.content_type, indexed = excluded.indexed,
      version = excluded.version, body = excluded.body`;
  // All at once: after the first by itself, nobody could tell its absence from one that was there before. A condition that does
  // not depend on the row is looked at once, before anything is deleted.
  const deletes = (when: RawBuilder<unknown>) => sql`
    delete from ${entriesSql} where path in (select value from json_each(${value})) and ${when}`;
  const texts = {
    look: compile(sql`
      select group_concat(${place}) filter (where ${isUnmet}) as unmet,
        group_concat(${place}) filter (where ${isThere}) as there
      from ${members}`),
    firstPut: compile(put(allHold)),
    furtherPut: compile(put(hasLanded)),
    firstDeletes: compile(deletes(allHold)),
    furtherDeletes: compile(deletes(hasLanded)),
  };
  const look = (group: WriteGroup): BoundText => ({ text: texts.look, values: [expectationsOf(group)] });
  const seenIn = ([row]: readonly SqlRow[]): Seen => ({
    unmet: parsePlaces(row?.['unmet']),
    there: parsePlaces(row?.['there']),
  });
  const statements: GroupStatements = {
    look,
    seenIn,
    statementsOf(group) {
      const condition = [expectationsOf(group)];
      const [first, ...others] = group.filter(isWrite).flatMap(({ row }) => row ?? []);
      const landed = first === undefined ? condition : [first.path, first.version];
      const putOf = (text: string, row: NonNullable<typeof first>, when: readonly SqlValue[]): BoundText => ({
        text,
        values: [row.path, row.kind, row.content_type, row.indexed, row.version, row.body, ...when],
      });
      const deleted = group.filter(({ change }) => change === 'delete').map(({ path }) => path);
      const deletesText = first === undefined ? texts.firstDeletes : texts.furtherDeletes;
      return [
        look(group),
        ...(first === undefined ? [] : [putOf(texts.firstPut, first, condition)]),
        ...others.map((row) => putOf(texts.furtherPut, row, landed)),
        ...(deleted.length === 0 ? [] : [{ text: deletesText, values: [JSON.stringify(deleted), ...landed] }]),
      ];
    },
    resultOf(group, [looked, ...written]) {
      const { unmet, there } = seenIn(looked?.rows ?? []);
      if (unmet.length > 0) return { unmet };
      const changed = group.map((member, index) =>
        isWrite(member) && (member.change === 'put' || member.expects !== undefined || there.includes(index)) ? 1 : 0,
      );
      return sum(changed) === sum(written.map(({ rowsAffected }) => rowsAffected)) ? { changed } : undefined;
    },
  };
  return Object.freeze(statements);
}

/** The places in a list with commas between them, least first; none in anything else. */
function parsePlaces(list: unknown): readonly number[] {
  if (typeof list !== 'string') return [];
  return list
    .split(',')
    .map(Number)
    .toSorted((a, b) => a - b);
}

/** Place, path and version of each member that expects something or could find nothing to delete, as JSON. */
function expectationsOf(group: WriteGroup): string {
  const rows = group.flatMap(({ change, path, expects }, place) =>
    expects === undefined && change === 'put'
      ? []
      : [[place, path, expects === undefined ? null : (expects.version ?? '')]],
  );
  return JSON.stringify(rows);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
