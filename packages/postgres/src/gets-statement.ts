import type { SqlRow, Tables } from '@holdfast/sql';
import type { QueryConfig } from 'pg';
import { arrayText } from './literals.ts';
import { tableName } from './table-name.ts';
import type { TableSize } from './table-size.ts';

/**
 * How many bytes of bodies come back for reads that are sent together. Whoever is behind them would wait for all of it: they are
 * sent by themselves then, on connections of their own. Some milliseconds on a line of a gigabit.
 */
const MOST_BYTES_TOGETHER = 1024 * 1024;

/** The statement that reads the entries at many paths: one round trip, without a lock. */
export class GetsStatement {
  readonly #text: string;
  readonly #size: TableSize;

  constructor(tables: Tables, size: TableSize) {
    this.#size = size;
    // The offset keeps it one search for each path: a join could read all of the table.
    this.#text = `
select s.bytes, t.ordinal::pg_catalog.int4 as ordinal, t.kind, t.content_type, t.indexed, t.version,
  case when t.length operator(pg_catalog.<=) ${MOST_BYTES_TOGETHER} then t.body end as body
from (select ${size.column}) s left join (
  select m.ordinal, e.kind, e.content_type, e.indexed, e.version, e.body,
    pg_catalog.sum(pg_catalog.octet_length(e.body)) over (order by m.ordinal) as length
  from rows from (pg_catalog.unnest($1::pg_catalog.text[])) with ordinality as m (path, ordinal)
    cross join lateral (select p.* from ${tableName(tables)} p where p.path operator(pg_catalog.=) m.path offset 0) e
) t on (true)`;
  }

  /** The query of the entries at these paths. */
  query(paths: readonly string[]): QueryConfig {
    return { text: this.#text, values: [arrayText(paths)] };
  }

  /**
   * Calls back with the row of each path that has one, and its place among them; without the row where it is to be read by itself or
   * with fewer others.
   */
  place(rows: readonly SqlRow[], each: (place: number, row: SqlRow | undefined) => void): void {
    const [first] = rows;
    if (first === undefined) return;
    this.#size.learn(first);
    for (const row of rows) {
      const { ordinal } = row;
      if (ordinal !== null) each((ordinal as number) - 1, row['body'] === null ? undefined : row);
    }
  }
}
