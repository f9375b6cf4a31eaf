import { compareCodePoints } from '@holdfast/core/adapter';
import type { GroupMember, GroupResult, SqlRow, Tables, WriteGroup } from '@holdfast/sql';
import type { QueryConfig } from 'pg';
import { arrayText, withLiterals } from './literals.ts';
import { tableName } from './table-name.ts';

/** What `1 / 0` is refused with. Nothing else of the statement divides. */
export const OVERTAKEN = '22012';

/** The row that stands for an absence until the end of the transaction, without its version. */
const PLACEHOLDER = { kind: null, content_type: '', indexed: null, body: new Uint8Array() } as const;

/** A member, and where it was in its group. */
interface Place {
  readonly member: GroupMember;
  readonly place: number;
}

/**
 * The statement that writes a group of several: one round trip and one transaction, which leaves no lock behind whatever
 * becomes of the connection. It locks what is at the paths of all members, in the order of the paths, and looks at it; if all
 * expectations hold it writes, and else it changes nothing.
 *
 * What is there is locked as rows: for share where it is only checked, so that nobody changes it before the end. What is not
 * there is locked in the unique index of the paths, by a row that is inserted: that of the put, or else a placeholder, which
 * a second statement of the same transaction deletes. Whoever inserts at that path waits for the end. Nobody ever
 * reads a placeholder.
 *
 * A row that somebody else inserted since the statement began is no mismatch that it could see, but stops its own insert.
 * Then it fails with {@link OVERTAKEN}, nothing is written, and it is to be sent again.
 */
export class GroupStatement {
  readonly #text: string;
  readonly #removal: string;

  constructor(tables: Tables) {
    const table = tableName(tables);
    this.#text = statementText(table);
    this.#removal = removalText(table);
  }

  /** The query of a group. The version is one that nobody else has; placeholders are known by it. */
  query(group: WriteGroup, version: string): QueryConfig {
    const places = inOrder(group);
    const values = valuesOf(places, version);
    const absent = places.filter(({ member }) => mayNeedPlaceholder(member)).map(({ member }) => member.path);
    if (absent.length === 0) return { text: this.#text, values };
    // Only the protocol without parameters takes two statements in one round trip, as one transaction.
    const removal = withLiterals(this.#removal, [arrayText(absent), version]);
    return { text: `${withLiterals(this.#text, values)};\n${removal}` };
  }

  /** What became of a group, by the rows of its statement. */
  resultOf(group: WriteGroup, rows: readonly SqlRow[]): GroupResult {
    const found = new Map(rows.map((row) => [row['ordinal'], row]));
    const seen = inOrder(group).map(({ member, place }, index) => ({ member, place, row: found.get(index + 1) }));
    const unmet = seen.filter(({ row }) => row?.['met'] !== 1).map(({ place }) => place);
    if (unmet.length > 0) return { unmet: unmet.toSorted((a, b) => a - b) };
    const changed = group.map(() => 0);
    for (const { member, place, row } of seen) {
      if (member.change === 'put' || (member.change === 'delete' && row?.['there'] === 1)) changed[place] = 1;
    }
    return { changed };
  }
}

/** In the order in which everybody locks. */
function inOrder(group: WriteGroup): Place[] {
  return group
    .map((member, place) => ({ member, place }))
    .toSorted((a, b) => compareCodePoints(a.member.path, b.member.path));
}

/** Whether it could be that nothing is at its path, and that nothing is to be there. */
function mayNeedPlaceholder({ change, expects }: GroupMember): boolean {
  return change !== 'put' && expects?.version === undefined;
}

/** A list for each column, and all bodies as one value: in an array, each would be sent in twice its length. */
function valuesOf(places: readonly Place[], version: string): (string | Buffer)[] {
  const rows = places.map(({ member }) =>
    member.change === 'put' && member.row !== undefined ? member.row : { ...PLACEHOLDER, version },
  );
  let end = 1;
  const starts = rows.map(({ body }) => {
    const start = end;
    end += body.byteLength;
    return start;
  });
  const members = places.map(({ member }) => member);
  return [
    arrayText(members.map(({ path }) => path)),
    arrayText(members.map(({ change }) => change)),
    arrayText(members.map(({ expects }) => (expects === undefined ? null : (expects.version ?? '')))),
    arrayText(rows.map(({ kind }) => kind)),
    arrayText(rows.map(({ content_type }) => content_type)),
    arrayText(rows.map(({ indexed }) => indexed)),
    arrayText(rows.map((row) => row.version)),
    arrayText(starts.map(String)),
    arrayText(rows.map(({ body }) => String(body.byteLength))),
    Buffer.concat(rows.map(({ body }) => body)),
  ];
}

// Every function, operator and type is named with its schema, since what else would be found is up to `search_path`.
function statementText(table: string): string {
  const is = 'operator(pg_catalog.=)';
  const list = (type: string) => (placeholder: string) => `pg_catalog.unnest(${placeholder}::pg_catalog.${type}[])`;
  const texts = ['$1', '$2', '$3', '$4', '$5', '$6', '$7'].map(list('text'));
  const numbers = ['$8', '$9'].map(list('int4'));
  const locked = (mode: string): string => `(select e.version from ${table} e where e.path ${is} m.path for ${mode})`;
  const holds = '(select holds from verdict)';
  const body = 'pg_catalog.substr($10::pg_catalog.bytea, s.start, s.length)';
  const count = (what: string): string => `(select pg_catalog.count(*) from ${what})`;
  return `
with seen as materialized (
  select m.*, case when m.change ${is} 'check' then ${locked('share')} else ${locked('update')} end as found
  from rows from (${[...texts, ...numbers].join(', ')}) with ordinality as m (path, change, expected, kind, content_type, indexed, version, start, length, ordinal)
), judged as materialized (
  select s.ordinal, s.expected is null or coalesce(s.found, '') ${is} s.expected as met,
    s.found is not null as there, s.found is null or not s.change ${is} 'check' as writes
  from seen s
), verdict as materialized (
  select pg_catalog.bool_and(met) as holds from judged
), inserted as (
  insert into ${table} (path, kind, content_type, indexed, version, body)
  select s.path, s.kind, s.content_type, s.indexed, s.version, ${body} from seen s where s.found is null and ${holds}
  on conflict (path) do nothing
  returning 1
), updated as (
  update ${table} e
  set kind = s.kind, content_type = s.content_type, indexed = s.indexed, version = s.version, body = ${body}
  from seen s where e.path ${is} s.path and s.change ${is} 'put' and s.found is not null and ${holds}
  returning 1
), deleted as (
  delete from ${table} e
  using seen s where e.path ${is} s.path and s.change ${is} 'delete' and s.found is not null and ${holds}
  returning 1
)
select j.ordinal::pg_catalog.int4 as ordinal, j.met::pg_catalog.int4 as met, j.there::pg_catalog.int4 as there,
  (select 1 operator(pg_catalog./) case
    when ${count('inserted')} operator(pg_catalog.+) ${count('updated')} operator(pg_catalog.+) ${count('deleted')}
      ${is} ${count(`judged where writes and ${holds}`)} then 1 else 0
  end) as whole
from judged j`;
}

function removalText(table: string): string {
  const is = 'operator(pg_catalog.=)';
  return `delete from ${table} where path ${is} any ($1::pg_catalog.text[]) and version ${is} $2::pg_catalog.text`;
}
