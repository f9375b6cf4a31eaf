import type { SqlRow } from '@holdfast/sql';

/**
 * Up to how many bytes a table is small. For one of a few pages the planner has all of it read for each path, and is right;
 * such a plan, kept while the table grew, read 100,000 entries a hundred times, in 400 ms. For 32 pages of 8 KiB every plan searches
 * the index.
 */
const BYTES_OF_A_SMALL_TABLE = 256 * 1024;

/** How large a table was when a statement last told. Plans of statements over many paths are kept for tables of one size. */
export class TableSize {
  readonly #sql: string;
  #bytes: number | undefined;

  /** @param table its name, quoted and qualified */
  constructor(table: string) {
    this.#sql = `pg_catalog.pg_relation_size('${table.replaceAll("'", "''")}'::pg_catalog.regclass) as bytes`;
  }

  /** The column by which a statement tells. */
  get column(): string {
    return this.#sql;
  }

  /** Takes what a row of such a statement tells. */
  learn(row: SqlRow): void {
    this.#bytes = Number(row['bytes']);
  }

  /**
   * A name for how large it is: a small one in steps of two, so that no plan is kept for one twice as large. `undefined` while nobody
   * knows.
   */
  get name(): string | undefined {
    if (this.#bytes === undefined) return undefined;
    return String(Math.ceil(Math.log2(Math.min(Math.max(this.#bytes, 1), BYTES_OF_A_SMALL_TABLE))));
  }
}
