import { HoldfastError, isHoldfastError } from '@holdfast/core';
import { clock, restated } from '@holdfast/core/adapter';
import {
  onlyWriteOf,
  resultOfOne,
  type GroupResult,
  type GroupStatements,
  type WriteContext,
  type WriteGroup,
} from '@holdfast/sql';
import { bind, bindQuery } from './bind.ts';
import type { LibsqlResult, LibsqlStatement } from './client.ts';
import type { LibsqlConnection } from './connection.ts';
import { requestLength } from './request-length.ts';
import type { LibsqlWork } from './work.ts';

/** What a {@link BatchWrite} works with, the same for all of one driver. */
export interface BatchWriteParts {
  readonly connection: LibsqlConnection;
  readonly statements: GroupStatements;
}

/** A group, where it is in its list, and what is sent of it. */
interface Part {
  readonly place: number;
  readonly group: WriteGroup;
  readonly statements: readonly LibsqlStatement[];
}

/**
 * Writes the groups of one list, as many as a request has room for in one transaction, and finds out what becomes of each. When
 * the database refuses a statement all of the transaction is undone; its group has that error, and the others are sent again
 * without it. When something else fails of which it is known that nothing was applied, each group is sent by itself: of what one
 * is to blame for, the others hear nothing.
 */
export class BatchWrite implements LibsqlWork {
  readonly #parts: BatchWriteParts;
  readonly #groups: readonly WriteGroup[];
  readonly #context: WriteContext;
  readonly #began = clock.now();
  readonly #results: (GroupResult | undefined)[];
  /** The places of those whose callers have given up before they were sent. */
  readonly #gone = new Set<number>();
  #sent: readonly Part[] = [];
  #oneByOne = false;

  constructor(parts: BatchWriteParts, groups: readonly WriteGroup[], context: WriteContext) {
    this.#parts = parts;
    this.#groups = groups;
    this.#context = context;
    this.#results = groups.map(() => undefined);
  }

  /** Runs it. Each group has a result then, unless its caller has given up before it was sent. */
  async run(): Promise<readonly (GroupResult | undefined)[]> {
    while (this.#open().length > 0) await this.#writeSome();
    return this.#results;
  }

  waitedSince(): number {
    return Math.min(...this.#open().map((place) => this.#cameAt(place)));
  }

  wait(): void {
    this.#sent = [];
    this.#context.batch?.wait();
  }

  makeWay(): void {
    this.#context.batch?.makeWay();
  }

  begin(): readonly LibsqlStatement[] {
    const wanted = new Set(this.#context.batch?.begin() ?? this.#groups.keys());
    for (const place of this.#open()) if (!wanted.has(place)) this.#gone.add(place);
    this.#sent = this.#choose();
    return this.#sent.flatMap(({ statements }) => statements);
  }

  async held(busy: HoldfastError, since: number): Promise<boolean> {
    this.#sent = [];
    const open = this.#open();
    const unmet = await this.#unmetIn(open);
    for (const place of open) {
      const places = unmet.get(place);
      if (places !== undefined) this.#answer(place, { unmet: places });
      else if (this.#hasWaited(place, since))
        this.#answer(place, { error: restated(busy, { outcome: 'not-applied' }) });
    }
    return this.#open().length === 0;
  }

  async #writeSome(): Promise<void> {
    const { connection } = this.#parts;
    this.#sent = [];
    try {
      const written = await connection.write(this, this.#context);
      if ('results' in written) this.#take(written.results);
      else this.#refuse(written.refused, written.error);
    } catch (error) {
      if (!isHoldfastError(error)) throw error;
      this.#fail(error);
    }
  }

  /** Those that are sent next: not all, where all are too much for one request. */
  #choose(): readonly Part[] {
    const { connection } = this.#parts;
    const most = this.#oneByOne ? 0 : connection.mostRequestBytes;
    const chosen: Part[] = [];
    let bytes = 0;
    for (const place of this.#open()) {
      const part = this.#partAt(place);
      const length = requestLength(part.statements);
      if (length > connection.mostRequestBytes) {
        this.#answer(place, { error: tooLong(part, connection.mostRequestBytes) });
        continue;
      }
      bytes += length;
      if (chosen.length > 0 && bytes > most) break;
      chosen.push(part);
    }
    return chosen;
  }

  #partAt(place: number): Part {
    const group = this.#groups[place] as WriteGroup;
    const only = onlyWriteOf(group);
    const statements =
      only === undefined
        ? this.#parts.statements.statementsOf(group).map(({ text, values }) => bind(text, values))
        : [bindQuery(only.query)];
    return { place, group, statements };
  }

  #take(results: readonly LibsqlResult[]): void {
    let next = 0;
    for (const { place, group, statements } of this.#sent) {
      const own = results.slice(next, next + statements.length);
      next += statements.length;
      this.#answer(place, this.#resultOf(group, own));
    }
  }

  #resultOf(group: WriteGroup, results: readonly LibsqlResult[]): GroupResult {
    const only = onlyWriteOf(group);
    const [first] = results;
    const result =
      only !== undefined && first !== undefined
        ? resultOfOne(only, first.rowsAffected)
        : this.#parts.statements.resultOf(group, results);
    const error = (): HoldfastError =>
      new HoldfastError('BACKEND_FAILED', 'the answer is not one to the statements', { outcome: 'unknown' });
    return result ?? { error: error() };
  }

  #refuse(refused: number, error: HoldfastError): void {
    let next = 0;
    const part = this.#sent.find(({ statements }) => (next += statements.length) > refused);
    if (part === undefined) this.#fail(error);
    else this.#answer(part.place, { error });
  }

  /** What failed as a whole. */
  #fail(error: HoldfastError): void {
    const places = this.#sent.length === 0 ? this.#open() : this.#sent.map(({ place }) => place);
    const mayBeOfOne = error.outcome === 'not-applied' && !error.retryable;
    if (mayBeOfOne && this.#sent.length > 1) this.#oneByOne = true;
    else for (const place of places) this.#answer(place, { error: restated(error, { outcome: error.outcome }) });
  }

  #open(): readonly number[] {
    return [...this.#groups.keys()].filter((place) => this.#results[place] === undefined && !this.#gone.has(place));
  }

  #answer(place: number, result: GroupResult): void {
    this.#results[place] = result;
    this.#context.batch?.answer(place, result);
  }

  #hasWaited(place: number, since: number): boolean {
    return clock.now() - Math.max(since, this.#cameAt(place)) >= this.#parts.connection.busyTimeoutMs;
  }

  #cameAt(place: number): number {
    return this.#context.batch?.waitedSince(place) ?? this.#began;
  }

  /** The places of members whose expectation does not hold, of each group that has some. One that waited has often lost by then. */
  async #unmetIn(places: readonly number[]): Promise<ReadonlyMap<number, readonly number[]>> {
    const unmet = new Map<number, number[]>();
    const all = places.flatMap((place) =>
      [...(this.#groups[place] as WriteGroup).entries()].map(([index, member]) => ({ place, index, member })),
    );
    const [first, ...others] = all.map(({ member }) => member);
    if (first === undefined) return unmet;
    const { connection, statements } = this.#parts;
    try {
      const { text, values } = statements.look([first, ...others]);
      // Without a log also reads find a file locked, and the write has only one `busyTimeoutMs` to wait.
      const rows = await connection.read(bind(text, values), this.#context, { now: true });
      for (const found of statements.seenIn(rows).unmet) {
        const { place, index } = all[found] as (typeof all)[number];
        unmet.set(place, [...(unmet.get(place) ?? []), index]);
      }
    } catch {
      // The write itself will tell.
    }
    return unmet;
  }
}

/** What the server would end the connection for, after which nothing is known of any call on it. */
function tooLong({ group }: Part, mostBytes: number): HoldfastError {
  const alone = onlyWriteOf(group) !== undefined;
  const message = `with all metadata the request is longer than the ${mostBytes} bytes that the server takes`;
  return new HoldfastError(alone ? 'BODY_TOO_LARGE' : 'COMMIT_TOO_LARGE', message, {
    outcome: 'not-applied',
    capability: alone ? 'maxBodyBytes' : 'maxCommitBytes',
  });
}
