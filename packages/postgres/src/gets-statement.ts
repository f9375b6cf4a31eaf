import type { SqlRow, Tables } from '@holdfast/sql';
import type { QueryConfig } from 'pg';
import { arrayText } from './literals.ts';
import { tableName } from './table-name.ts';
import type { TableSize } from './table-size.ts';

/**
 * How many bytes of bodies come back for reads that are sent together. Whoever is behind them would wait for all of it:
 * they are sent by themselves then, on connections of their own. Some milliseconds on a line of a gigabit.
 */
const MOST_BYTES_TOGETHER = 1024 * 1024;

/** The statement that reads the entries at many paths: one round trip, without a lock. */
export class GetsStatement {
  readonly #rows: string;
  readonly #rowsAndSize: string;
  readonly #size: TableSize;

  constructor(tables: Tables, size: TableSize) {
    this.#size = size;
    const columns = 'path, kind, content_type, indexed, version';
    // In the order in which they are found: to sort them would take a tenth of the time.
    this.#rows = `
select ${columns}, case when length operator(pg_catalog.<=) ${MOST_BYTES_TOGETHER} then body end as body
from (
  select ${columns}, body, pg_catalog.sum(pg_catalog.octet_length(body)) over (rows unbounded preceding) as length
  from ${tableName(tables)} where path operator(pg_catalog.=) any ($1::pg_catalog.text[])
) e`;
    // A row at least, which tells the size.
    this.#rowsAndSize = `select s.*, t.* from (select ${size.column}) s left join (${this.#rows}\n) t on (true)`;
  }

  /** The query of the entries at these paths. */
  query(paths: readonly string[]): QueryConfig {
    return { text: this.#size.isAsked ? this.#rowsAndSize : this.#rows, values: [arrayText(paths)] };
  }

  /**
   * Calls back with each row and the place of its path, in the order of the answer; without the row where it is to be read with
   * fewer others, or by itself if it is the first. A path may be there twice: each has a row to itself.
   */
  place(
    paths: readonly string[],
    rows: readonly SqlRow[],
    each: (place: number, row: SqlRow | undefined) => void,
  ): void {
    const [first] = rows;
    if (first !== undefined) this.#size.learn(first);
    const places = new Map<unknown, number[]>();
    for (const [place, path] of paths.entries()) {
      const others = places.get(path);
      if (others === undefined) places.set(path, [place]);
      else others.push(place);
    }
    for (const row of rows) {
      const body = row['body'] as Uint8Array | null;
      for (const [index, place] of (places.get(row['path']) ?? []).entries()) {
        if (body === null) each(place, undefined);
        else each(place, index === 0 ? row : { ...row, body: new Uint8Array(body) });
      }
    }
  }
}
