import { clock } from '@holdfast/core/adapter';
import type { SqlRow } from '@holdfast/sql';

/**
 * Up to how many bytes a table is small. For one of a few pages the planner has all of it read, for each path or once, and
 * is right; such a plan, kept while the table grew, read 100,000 entries a hundred times, in 400 ms. For 256 pages of 8 KiB
 * every plan searches the index.
 */
const BYTES_OF_A_SMALL_TABLE = 2 * 1024 * 1024;

/**
 * For how long a table that is large is taken for one, in milliseconds. It can become small, when entries are deleted by
 * the thousand, and the server then makes new plans; none is to be kept for long when it grows again.
 */
const LARGE_FOR_MS = 1000;

/** How large a table was when a statement last told. Plans of statements over many paths are kept for tables of one size. */
export class TableSize {
  readonly #sql: string;
  #bytes: number | undefined;
  #toldAt = -Infinity;

  /** @param table its name, quoted and qualified */
  constructor(table: string) {
    this.#sql = `pg_catalog.pg_relation_size('${table.replaceAll("'", "''")}'::pg_catalog.regclass) as bytes`;
  }

  /** The column by which a statement tells. */
  get column(): string {
    return this.#sql;
  }

  /**
   * Whether the next statement is to tell. A large table is asked for once in {@link LARGE_FOR_MS}, since that takes the
   * server as long as to write two entries.
   */
  get isAsked(): boolean {
    const isLarge = this.#bytes !== undefined && this.#bytes > BYTES_OF_A_SMALL_TABLE;
    return !isLarge || clock.now() - this.#toldAt >= LARGE_FOR_MS;
  }

  /** Takes what a row of such a statement tells. */
  learn({ bytes }: SqlRow): void {
    if (bytes === undefined) return;
    this.#bytes = Number(bytes);
    this.#toldAt = clock.now();
  }

  /**
   * A name for how large it is: a small one in steps of two, so that no plan is kept for one twice as large. `undefined`
   * while nobody knows.
   */
  get name(): string | undefined {
    if (this.#bytes === undefined) return undefined;
    return String(Math.ceil(Math.log2(Math.min(Math.max(this.#bytes, 1), BYTES_OF_A_SMALL_TABLE))));
  }
}
