import { isHoldfastError } from '@holdfast/core';
import { restated } from '@holdfast/core/adapter';
import type { GetsStatement, SqlQuery, SqlRow } from '@holdfast/sql';

/** How a {@link ManyRead} is done. */
export interface ManyReadParts {
  readonly statement: GetsStatement;
  /** Runs one statement, in its turn of the event loop. */
  readonly read: (query: SqlQuery) => Promise<readonly SqlRow[]>;
  /** The query of the row at one path. */
  readonly get: (path: string) => SqlQuery;
}

/** Reads the rows at many paths, a hundred or so with each statement. */
export class ManyRead {
  readonly #parts: ManyReadParts;
  readonly #paths: readonly string[];
  readonly #rows: (SqlRow | undefined)[];

  constructor(parts: ManyReadParts, paths: readonly string[]) {
    this.#parts = parts;
    this.#paths = paths;
    this.#rows = paths.map(() => undefined);
  }

  /** The row of each path, in the place of the path. @throws HoldfastError as a read does */
  async run(): Promise<(SqlRow | undefined)[]> {
    const { most } = this.#parts.statement;
    for (let from = 0; from < this.#paths.length; from += most) {
      try {
        await this.#readTogether(from, this.#paths.slice(from, from + most));
      } catch (error) {
        if (isHoldfastError(error, 'BUSY') || isHoldfastError(error, 'CLOSED')) throw error;
        // One of them may be to blame, which it is then told by; or a connection of the caller's knows no JSON.
        await this.#readAlone(from, Math.min(from + most, this.#paths.length));
      }
    }
    return this.#rows;
  }

  async #readTogether(from: number, paths: readonly string[]): Promise<void> {
    const { statement, read } = this.#parts;
    const long: number[] = [];
    for (const row of await read(statement.query(paths))) {
      const place = from + statement.placeOf(row);
      if (statement.isWhole(row)) this.#rows[place] = row;
      else long.push(place);
    }
    for (const place of long) await this.#readAlone(place, place + 1);
  }

  async #readAlone(from: number, below: number): Promise<void> {
    const { get, read } = this.#parts;
    for (let place = from; place < below; place += 1) {
      const path = this.#paths[place] as string;
      try {
        [this.#rows[place]] = await read(get(path));
      } catch (thrown) {
        throw isHoldfastError(thrown) ? restated(thrown, { path }) : thrown;
      }
    }
  }
}
