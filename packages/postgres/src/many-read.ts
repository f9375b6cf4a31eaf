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
 * Reads the rows at many paths: all with one statement, unless their bodies are long. Then those that did not fit are asked
 * for again.
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
    let left: readonly number[] = [...this.#paths.keys()];
    let count = left.length;
    while (left.length > 0) {
      const places = left.slice(0, count);
      const missed = await this.#read(places);
      left = [...missed, ...left.slice(count)];
      // Of the rest about as many fit. Each statement looks at the lengths of all that it asks for.
      count = (places.length - missed.length) * 2;
    }
    return this.#rows;
  }

  /** Reads at some places, one at least; answers those of them at which it has not. */
  async #read(places: readonly number[]): Promise<readonly number[]> {
    const missed = places.length === 1 ? places : await this.#readTogether(places);
    if (missed.length < places.length) return missed;
    // What nothing fits beside comes first.
    const [first = 0, ...others] = missed;
    await this.#readAlone(first);
    return others;
  }

  async #readTogether(places: readonly number[]): Promise<readonly number[]> {
    const { sender, size, getsStatement } = this.#parts;
    const paths = places.map((place) => this.#paths[place] as string);
    const make = () => sender.plannedFor(size.name, 'gets', getsStatement.query(paths));
    const missed: number[] = [];
    try {
      const { rows } = await sender.send({ make }, this.#context);
      getsStatement.place(paths, rows, (index, row) => {
        const place = places[index] as number;
        if (row === undefined) missed.push(place);
        else this.#rows[place] = row;
      });
    } catch (error) {
      // What the server refuses may be the fault of one, which is then told.
      if (isHoldfastError(error) && isRefusal(error)) return places;
      throw error;
    }
    return missed;
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
