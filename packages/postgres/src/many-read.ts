import { isHoldfastError } from '@holdfast/core';
import { restated, type OperationContext } from '@holdfast/core/adapter';
import type { GetStatement, SqlRow } from '@holdfast/sql';
import { isRefusal } from './errors.ts';
import type { GetsStatement } from './gets-statement.ts';
import type { Sender } from './sender.ts';
import type { TableSize } from './table-size.ts';

/** What a {@link ManyRead} works with. */
export interface ManyReadParts {
  readonly sender: Sender;
  readonly getsStatement: GetsStatement;
  readonly size: TableSize;
}

/**
 * Reads the rows at many paths: all with one statement, unless their bodies are long. Then those at the end are asked for again, as
 * many as fit.
 */
export class ManyRead {
  readonly #parts: ManyReadParts;
  readonly #get: GetStatement;
  readonly #paths: readonly string[];
  readonly #context: OperationContext;
  readonly #rows: (SqlRow | undefined)[];

  constructor(parts: ManyReadParts, get: GetStatement, paths: readonly string[], context: OperationContext) {
    this.#parts = parts;
    this.#get = get;
    this.#paths = paths;
    this.#context = context;
    this.#rows = paths.map(() => undefined);
  }

  /** The row of each path, in the place of the path. @throws HoldfastError as a read does */
  async run(): Promise<(SqlRow | undefined)[]> {
    let [from, count] = [0, this.#paths.length];
    while (from < this.#paths.length) {
      const read = await this.#readFrom(from, count);
      from += read;
      // Of the rest about as many fit. Each statement looks at the lengths of all that it asks for.
      count = read * 2;
    }
    return this.#rows;
  }

  /** Reads from a place on; answers how many places are done. */
  async #readFrom(from: number, count: number): Promise<number> {
    const paths = this.#paths.slice(from, from + count);
    const done = paths.length === 1 ? 0 : await this.#readTogether(from, paths);
    if (done > 0) return done;
    await this.#readAlone(from);
    return 1;
  }

  async #readTogether(from: number, paths: readonly string[]): Promise<number> {
    const { sender, size, getsStatement } = this.#parts;
    const make = () => sender.plannedFor(size.name, 'gets', getsStatement.query(paths));
    let done = paths.length;
    try {
      const { rows } = await sender.send({ make }, this.#context);
      // There is one at least, which tells the size of the table.
      if (rows.length === 0) return 0;
      getsStatement.place(rows, (place, row) => {
        if (row === undefined) done = Math.min(done, place);
        else this.#rows[from + place] = row;
      });
    } catch (error) {
      // What the server refuses may be the fault of one, which is then told.
      if (isHoldfastError(error) && isRefusal(error)) return 0;
      throw error;
    }
    return done;
  }

  async #readAlone(place: number): Promise<void> {
    const path = this.#paths[place] as string;
    try {
      const { rows } = await this.#parts.sender.sendQuery(this.#get.query({ path }), this.#context);
      this.#rows[place] = rows[0];
    } catch (thrown) {
      throw isHoldfastError(thrown) ? restated(thrown, { path }) : thrown;
    }
  }
}
