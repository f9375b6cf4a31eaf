import { HoldfastError } from '@holdfast/core';
import { compareCodePoints } from '@holdfast/core/adapter';
import type { GroupMember, GroupResult, SqlRow, Tables, WriteGroup } from '@holdfast/sql';
import type { QueryConfig } from 'pg';
import { arrayText, withLiterals } from './literals.ts';
import { tableName } from './table-name.ts';
import type { TableSize } from './table-size.ts';

/** What `1 / 0` is refused with. Nothing else of the statement divides. */
export const OVERTAKEN = '22012';

/**
 * The longest that a batch waits for whoever has inserted at one of its paths and not committed yet, in milliseconds: some
 * commits of others. All of its groups wait with it, and that transaction may be one that hangs.
 */
const LONGEST_WAIT_TO_INSERT_MS = 100;

/** The row that stands for an absence until the end of the transaction, without its version. */
const PLACEHOLDER = { kind: null, content_type: '', indexed: null, body: new Uint8Array() } as const;

/** A query, and for which tables its plan may be kept; `undefined` when it is to be planned each time. */
export interface BatchQuery {
  readonly config: QueryConfig;
  readonly plannedFor: string | undefined;
}

/** What has become of a group of a batch: with `alone`, nothing; it is to be sent by itself, where it can wait. */
export type BatchResult = GroupResult | { readonly alone: true };

/** A member, where it was in its group, and where that was in the batch. */
interface Place {
  readonly member: GroupMember;
  readonly place: number;
  readonly group: number;
  /** Whether an absence is to be kept as it is: others in its group depend on it. */
  readonly keepsAbsent: boolean;
}

/** What a batch can need. What it does not is left out of its statement, which is planned in half of the time then. */
interface Parts {
  readonly inserts: boolean;
  readonly updates: boolean;
  readonly deletes: boolean;
  /** Whether it waits for rows that others have locked, and for what they have inserted, for as long as it takes. */
  readonly waits: boolean;
}

/**
 * The statement that writes a batch of groups, each all or nothing: one round trip and one transaction, which leaves no lock
 * behind whatever becomes of the connection. It locks what is at the paths of all members, in the order of the paths, and
 * looks at it; it writes the groups of which all expectations hold, and changes nothing for the others.
 *
 * What is there is locked as rows: for share where it is only checked, so that nobody changes it before the end. What is not
 * there is locked in the unique index of the paths, by a row that is inserted: that of the put, or else a placeholder, which
 * a second statement of the same transaction deletes. Whoever inserts at that path waits for the end. Nobody ever
 * reads a placeholder.
 *
 * It waits for whoever has locked a row, or does not: all groups of a batch would wait for what one of them needs. Then it
 * waits for whoever has inserted at one of the paths for {@link LONGEST_WAIT_TO_INSERT_MS}, and fails with `55P03`.
 *
 * A row that somebody else inserted since the statement began is no mismatch that it could see, but stops its own insert.
 * Then it fails with {@link OVERTAKEN}, nothing is written, and it is to be sent again.
 */
export class BatchStatement {
  readonly #table: string;
  readonly #removal: string;
  readonly #texts = new Map<string, string>();
  readonly #size: TableSize;

  constructor(tables: Tables, size: TableSize) {
    this.#size = size;
    this.#table = tableName(tables);
    this.#removal = removalText(this.#table);
  }

  /**
   * The query of a batch. The version is one that nobody else has; placeholders are known by it. Where it does not wait for
   * rows that others have locked, groups that meet one are answered `alone`.
   */
  query(
    batch: readonly WriteGroup[],
    { version, waits }: { readonly version: string; readonly waits: boolean },
  ): BatchQuery {
    const places = inOrder(batch);
    const parts: Parts = { ...partsOf(places), waits };
    const text = this.#textOf(parts);
    const values = valuesOf(places, version, parts);
    const placeholders = places.filter(needsPlaceholder).map(({ member }) => member.path);
    if (placeholders.length === 0) return { config: { text, values }, plannedFor: this.#size.name };
    // Only the protocol without parameters takes two statements in one round trip, as one transaction.
    const removal = withLiterals(this.#removal, [arrayText(placeholders), version]);
    return { config: { text: `${withLiterals(text, values)};\n${removal}` }, plannedFor: undefined };
  }

  /** What became of each group of a batch, by the rows of its statement. */
  resultsOf(batch: readonly WriteGroup[], rows: readonly SqlRow[]): BatchResult[] {
    const [row] = rows;
    // Members without a row have landed: an answer that is not that of the statement must not be taken for it.
    if (row === undefined) throw new HoldfastError('BACKEND_FAILED', 'a batch has no answer', { outcome: 'unknown' });
    this.#size.learn(row);
    const others = new Map(rows.map((it) => [it['ordinal'], it]));
    const results = batch.map((group) => ({ unmet: [] as number[], changed: group.map(() => 0), alone: false }));
    for (const [index, { member, place, group }] of inOrder(batch).entries()) {
      const other = others.get(index + 1);
      const result = results[group] as (typeof results)[number];
      if (other === undefined) result.changed[place] = member.change === 'check' ? 0 : 1;
      else if (other['free'] !== 1) result.alone = true;
      else if (other['met'] !== 1) result.unmet.push(place);
    }
    return results.map(({ unmet, changed, alone }) => {
      if (alone) return { alone };
      return unmet.length === 0 ? { changed } : { unmet: unmet.toSorted((a, b) => a - b) };
    });
  }

  #textOf(parts: Parts): string {
    const key = Object.values(parts).join();
    const text = this.#texts.get(key) ?? statementText(this.#table, this.#size, parts);
    this.#texts.set(key, text);
    return text;
  }
}

/** In the order in which everybody locks. */
function inOrder(batch: readonly WriteGroup[]): Place[] {
  return batch
    .flatMap((members, group) =>
      members.map((member, place) => ({ member, place, group, keepsAbsent: members.length > 1 })),
    )
    .toSorted((a, b) => compareCodePoints(a.member.path, b.member.path));
}

/** Whether it could be that nothing is at its path, and that nothing is to be there until the end. */
function needsPlaceholder({ member: { change, expects }, keepsAbsent }: Place): boolean {
  return keepsAbsent && change !== 'put' && expects?.version === undefined;
}

/** What is there is changed by a put that does not expect an absence; a put that expects a version inserts nothing. */
function partsOf(places: readonly Place[]): Omit<Parts, 'waits'> {
  let [inserts, updates, deletes] = [false, false, false];
  for (const place of places) {
    const { change, expects } = place.member;
    const mayBeAbsent = expects?.version === undefined;
    inserts ||= mayBeAbsent && (change === 'put' || place.keepsAbsent);
    updates ||= change === 'put' && !(mayBeAbsent && expects !== undefined);
    deletes ||= change === 'delete';
  }
  return { inserts, updates, deletes };
}

/** A list for each column, and all bodies as one value: in an array, each would be sent in twice its length. */
function valuesOf(places: readonly Place[], version: string, { inserts, updates }: Parts): (string | Buffer)[] {
  const rows = places.map(({ member }) =>
    member.change === 'put' && member.row !== undefined ? member.row : { ...PLACEHOLDER, version },
  );
  let end = 1;
  const starts = rows.map(({ body }) => {
    const start = end;
    end += body.byteLength;
    return start;
  });
  return [
    arrayText(places.map(({ member }) => member.path)),
    arrayText(places.map(({ member }) => member.change)),
    arrayText(places.map(({ member: { expects } }) => (expects === undefined ? null : (expects.version ?? '')))),
    arrayText(rows.map(({ kind }) => kind)),
    arrayText(rows.map(({ content_type }) => content_type)),
    arrayText(rows.map(({ indexed }) => indexed)),
    arrayText(rows.map((row) => row.version)),
    numbersText(starts),
    numbersText(rows.map(({ body }) => body.byteLength)),
    numbersText(places.map(({ group }) => group)),
    numbersText(places.map((place) => (place.member.change === 'put' || place.keepsAbsent ? 1 : 0))),
    // A statement has no parameter that it does not use.
    ...(inserts || updates ? [Buffer.concat(rows.map(({ body }) => body))] : []),
  ];
}

function numbersText(numbers: readonly number[]): string {
  return `{${numbers.join()}}`;
}

// Every function, operator and type is named with its schema, since what else would be found is up to `search_path`.
function statementText(table: string, size: TableSize, { inserts, updates, deletes, waits }: Parts): string {
  const is = 'operator(pg_catalog.=)';
  const list = (type: string) => (placeholder: string) => `pg_catalog.unnest(${placeholder}::pg_catalog.${type}[])`;
  const texts = ['$1', '$2', '$3', '$4', '$5', '$6', '$7'].map(list('text'));
  const numbers = ['$8', '$9', '$10', '$11'].map(list('int4'));
  const there = `from ${table} e where e.path ${is} m.path`;
  const locked = (mode: string): string => `(select e.version ${there} for ${mode}${waits ? '' : ' skip locked'})`;
  // What another has locked is still seen as it was when the statement began. For `exists` all of the table could be read.
  const isThere = `coalesce((select true from ${table} e where e.path ${is} s.path), false)`;
  const free = waits ? 'true' : `s.found is not null or not ${isThere}`;
  const body = 'pg_catalog.substr($12::pg_catalog.bytea, j.start, j.length)';
  const writes: [name: string, text: string][] = [];
  if (inserts) {
    const columns = ['path', 'kind', 'content_type', 'indexed', 'version'];
    // Set until the end of the transaction, once, before anything is inserted.
    const limit = `(select pg_catalog.set_config('lock_timeout', '${LONGEST_WAIT_TO_INSERT_MS}', true)) is not null`;
    writes.push([
      'inserted',
      `insert into ${table} (${columns.join(', ')}, body)
  select ${columns.map((column) => `j.${column}`).join(', ')}, ${body} from judged j
  where j.holds and j.found is null and j.inserts ${is} 1 and ${waits ? 'true' : limit}
  order by j.ordinal
  on conflict (path) do nothing`,
    ]);
  }
  if (updates) {
    writes.push([
      'updated',
      `update ${table} e
  set kind = j.kind, content_type = j.content_type, indexed = j.indexed, version = j.version, body = ${body}
  from judged j where e.path ${is} j.path and j.holds and j.found is not null and j.change ${is} 'put'`,
    ]);
  }
  if (deletes) {
    writes.push([
      'deleted',
      `delete from ${table} e
  using judged j where e.path ${is} j.path and j.holds and j.found is not null and j.change ${is} 'delete'`,
    ]);
  }
  const written = writes.map(([name]) => `(select pg_catalog.count(*) from ${name})`).join(' operator(pg_catalog.+) ');
  return `
with seen as materialized (
  select m.*, case when m.change ${is} 'check' then ${locked('share')} else ${locked('update')} end as found
  from rows from (${[...texts, ...numbers].join(', ')}) with ordinality
    as m (path, change, expected, kind, content_type, indexed, version, start, length, in_group, inserts, ordinal)
), judged as materialized (
  select t.*, pg_catalog.bool_and(t.met and t.free) over (partition by t.in_group) as holds
  from (
    select s.*, s.expected is null or coalesce(s.found, '') ${is} s.expected as met, ${free} as free from seen s
  ) t
)${writes.map(([name, text]) => `, ${name} as (\n  ${text}\n  returning 1\n)`).join('')}
select c.whole, c.bytes, j.ordinal::pg_catalog.int4 as ordinal, j.met::pg_catalog.int4 as met, j.free::pg_catalog.int4 as free
from (
  select 1 operator(pg_catalog./) case
      when ${written} ${is} (
        select pg_catalog.count(*) from judged w
        where w.holds and case when w.found is null then w.inserts ${is} 1 else not w.change ${is} 'check' end
      ) then 1 else 0
    end as whole,
    ${size.column}
) c left join judged j on (not j.met or not j.free or (j.change ${is} 'delete' and j.found is null))`;
}

function removalText(table: string): string {
  const is = 'operator(pg_catalog.=)';
  return `delete from ${table} where path ${is} any ($1::pg_catalog.text[]) and version ${is} $2::pg_catalog.text`;
}
