import { columnsOf, ROW_COLUMNS, type BatchColumnName } from './batch-columns.ts';
import type { BatchParts } from './batch-parts.ts';

/**
 * The longest that a batch waits for whoever has inserted at one of its paths and not committed yet, in milliseconds: some
 * commits of others. All of its groups wait with it, and that transaction may be one that hangs.
 */
const LONGEST_WAIT_TO_INSERT_MS = 100;

const IS = 'operator(pg_catalog.=)';

/**
 * The text of the statement of a batch, see `BatchStatement`. What is not needed is left out: beginning a statement costs
 * by what is in it, as much as it takes to write some twenty entries.
 *
 * @param size the columns by which it tells how large the table is
 */
// Every function, operator and type is named with its schema, since what else would be found is up to `search_path`.
export function batchText(table: string, size: readonly string[], parts: BatchParts): string {
  const { deletes, checks, waits } = parts;
  const lists = columnsOf(parts).flatMap(({ name, type, isShared }, index) =>
    isShared ? [] : [{ name, list: `pg_catalog.unnest($${index + 1}::pg_catalog.${type}[])` }],
  );
  const locked = (mode: string): string =>
    `(select e.version from ${table} e where e.path ${IS} m.path for ${mode}${waits ? '' : ' skip locked'})`;
  const found = checks
    ? `case when m.change ${IS} 'check' then ${locked('share')} else ${locked('update')} end`
    : locked('update');
  const met = `s.expected is null or coalesce(s.found, '') ${IS} s.expected as met`;
  const written = writes(table, parts);
  const whole = `1 operator(pg_catalog./) case when ${isWhole(written, parts)} then 1 else 0 end as whole`;
  const told = ['not j.met', ...(waits ? [] : ['not j.free'])];
  if (deletes) told.push(`(j.change ${IS} 'delete' and j.found is null)`);
  return `
with seen as materialized (
  select ${['s.*', met, ...(waits ? [] : [`${free(table, parts)} as free`])].join(', ')}
  from (
    select m.*, ${found} as found
    from rows from (${lists.map(({ list }) => list).join(', ')}) with ordinality
      as m (${[...lists.map(({ name }) => name), 'ordinal'].join(', ')})
    offset 0
  ) s
)${judgement(parts)}${written.map(({ name, text }) => `, ${name} as (\n  ${text}\n  returning 1\n)`).join('')}
select c.*, j.ordinal::pg_catalog.int4 as ordinal, j.met::pg_catalog.int4 as met,
  ${waits ? '1' : 'j.free::pg_catalog.int4'} as free
from (select ${[whole, ...size].join(', ')}) c left join ${membersOf(parts)} j on (${told.join(' or ')})`;
}

/** A part of the statement that changes the table. */
interface Write {
  readonly name: string;
  readonly text: string;
}

/** Whether as much was written as there is to write. */
function isWhole(written: readonly Write[], parts: BatchParts): string {
  const { inserts, deletes, checks } = parts;
  const counts = written.map(({ name }) => `(select pg_catalog.count(*) from ${name})`);
  const isChanged = checks ? `not j.change ${IS} 'check'` : 'true';
  const isWritten = `case when j.found is null then ${inserts ? `j.inserts ${IS} 1` : 'false'} else ${isChanged} end`;
  return `${counts.join(' operator(pg_catalog.+) ')} ${IS} (
    select pg_catalog.count(*) from ${membersOf(parts)} j where ${holds(parts)}${deletes || checks ? ` and ${isWritten}` : ''}
  )`;
}

/** Where there is a row for each member, with all that is known of it. */
function membersOf({ groups }: BatchParts): string {
  return groups === 'several' ? 'judged' : 'seen';
}

/**
 * Whether what is at a path can be written now: what another has locked is still seen as it was when the statement began.
 * Where nothing is to be inserted or deleted, an entry that is not there may be taken for a locked one, which is looked at
 * again.
 */
function free(table: string, { inserts, deletes }: BatchParts): string {
  if (!inserts && !deletes) return 's.found is not null';
  // For `exists` all of the table could be read.
  return `s.found is not null or not coalesce((select true from ${table} e where e.path ${IS} s.path), false)`;
}

/** What tells of all members of a group whether they hold, if that is not for each to tell. */
function judgement({ groups, waits }: BatchParts): string {
  const isMet = waits ? 's.met' : 's.met and s.free';
  if (groups === 'one')
    return `, judged as materialized (\n  select pg_catalog.bool_and(${isMet}) as holds from seen s\n)`;
  if (groups === 'each') return '';
  const ofGroup = `pg_catalog.bool_and(${isMet}) over (partition by s.in_group)`;
  return `, judged as materialized (\n  select s.*, ${ofGroup} as holds from seen s\n)`;
}

/** Whether all of the group of `j` holds. */
function holds({ groups, waits }: BatchParts): string {
  if (groups === 'several') return 'j.holds';
  if (groups === 'one') return '(select g.holds from judged g)';
  return waits ? 'j.met' : 'j.met and j.free';
}

function writes(table: string, parts: BatchParts): readonly Write[] {
  const { inserts, updates, deletes, checks, waits } = parts;
  const from = membersOf(parts);
  const columns = columnsOf(parts);
  const column = (name: BatchColumnName): string => {
    const index = columns.findIndex((it) => it.name === name);
    return columns[index]?.isShared === true ? `$${index + 1}::pg_catalog.text` : `j.${name}`;
  };
  const body = `pg_catalog.substr($${columns.length + 1}::pg_catalog.bytea, j.start, j.length)`;
  const isOnly = !deletes && !checks;
  const at = `e.path ${IS} j.path and ${holds(parts)} and j.found is not null`;
  const all: Write[] = [];
  if (inserts) {
    // Set until the end of the transaction, once, before anything is inserted.
    const limit = `(select pg_catalog.set_config('lock_timeout', '${LONGEST_WAIT_TO_INSERT_MS}', true)) is not null`;
    all.push({
      name: 'inserted',
      text: `insert into ${table} (path, ${ROW_COLUMNS.join(', ')}, body)
  select j.path, ${ROW_COLUMNS.map(column).join(', ')}, ${body} from ${from} j
  where ${holds(parts)} and j.found is null${isOnly ? '' : ` and j.inserts ${IS} 1`}${waits ? '' : ` and ${limit}`}
  order by j.ordinal
  on conflict (path) do nothing`,
    });
  }
  if (updates) {
    all.push({
      name: 'updated',
      text: `update ${table} e
  set ${ROW_COLUMNS.map((name) => `${name} = ${column(name)}`).join(', ')}, body = ${body}
  from ${from} j where ${at}${isOnly ? '' : ` and j.change ${IS} 'put'`}`,
    });
  }
  if (deletes) {
    all.push({
      name: 'deleted',
      text: `delete from ${table} e\n  using ${from} j where ${at} and j.change ${IS} 'delete'`,
    });
  }
  return all;
}
