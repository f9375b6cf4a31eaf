import { isHoldfastError } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';
import {
  versionIn,
  type ConditionalWrite,
  type SqlDriver,
  type SqlQuery,
  type SqlRow,
  type WriteResult,
} from '@holdfast/sql';
import { retryWhileBusy } from './busy-retry.ts';
import type { SqliteConnection } from './connection.ts';
import { EventLoopTurns } from './event-loop.ts';
import { RetryLine } from './retry-line.ts';
import { readUnderWriteLock, runWrites } from './transactions.ts';

/**
 * The longest a read that follows a lost write waits for its turn and for the write lock, in milliseconds.
 * Enough for a hundred writers in line that commit in 10 ms each; who waited in vain reads all the same.
 */
const LONGEST_WAIT_TO_READ_MS = 1000;

// One for all instances of the process: those on the same file race with each other like writers of one. It
// holds nothing for longer than a moment.
const line = new RetryLine();

/** What a driver works with. */
export interface SqliteDriverParts {
  readonly connection: SqliteConnection;
  readonly busyTimeoutMs: number;
  /** The same for instances that share their entries, different for others. */
  readonly store: string;
}

/** Runs the statements of a filesystem on one connection. */
export class SqliteDriver implements SqlDriver {
  readonly #connection: SqliteConnection;
  readonly #busyTimeoutMs: number;
  readonly #store: string;
  readonly #turns = new EventLoopTurns();

  constructor({ connection, busyTimeoutMs, store }: SqliteDriverParts) {
    this.#connection = connection;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#store = store;
  }

  async read(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]> {
    // Not after the read: a write that follows at once still finds true what was read.
    await this.#turns.nextIfDue();
    const place = this.#placeOf(query);
    if (place !== undefined && line.expects(place)) {
      const rows = await this.#readInTurn(query, place, context);
      if (rows !== undefined) return rows;
    }
    return retryWhileBusy({ run: () => this.#rows(query) }, { busyTimeoutMs: this.#busyTimeoutMs, context });
  }

  async write(writes: readonly ConditionalWrite[], context: OperationContext): Promise<readonly WriteResult[]> {
    const results = await retryWhileBusy(
      {
        run: () => this.#connection.exclusively(() => runWrites(this.#connection, writes)),
        giveUp: () => (writes.every((write) => this.#isLost(write)) ? writes.map(() => ({ changed: 0 })) : undefined),
      },
      { busyTimeoutMs: this.#busyTimeoutMs, context },
    );
    writes.forEach((write, index) => this.#tellLine(write, results[index]));
    // Whoever else waits in this process goes first, else one caller in a loop would starve the others.
    await this.#turns.next();
    return results;
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  /**
   * Reads in turn with others of this process who lost here, and while no other process is writing. What is
   * read during another's commit is stale before a write can follow; without this, the writers of one hot path
   * would spend their attempts on writes that cannot succeed.
   */
  async #readInTurn(query: SqlQuery, place: string, context: OperationContext): Promise<readonly SqlRow[] | undefined> {
    const waitMs = Math.min(LONGEST_WAIT_TO_READ_MS, this.#busyTimeoutMs);
    const until = performance.now() + waitMs;
    if (!(await line.enter(place, waitMs, context.signal))) return undefined;
    const run = (): readonly SqlRow[] =>
      this.#connection.exclusively(() => readUnderWriteLock(this.#connection, query));
    try {
      const rows = await retryWhileBusy({ run }, { busyTimeoutMs: until - performance.now(), context });
      line.hasRead(place, versionIn(rows));
      return rows;
    } catch (error) {
      line.next(place);
      if (isHoldfastError(error, 'BUSY')) return undefined;
      throw error;
    }
  }

  #tellLine({ query, expects }: ConditionalWrite, result: WriteResult | undefined): void {
    const place = this.#placeOf(query);
    if (place === undefined || result === undefined || 'error' in result) return;
    const changed = result.changed > 0;
    if (!changed && expects !== undefined) line.lost(place);
    // In a turn of the event loop of its own, so that those who are let in one after the other do not mix.
    setImmediate(() => line.hasWritten(place, changed, expects?.version));
  }

  /** What a query is about, told apart from the same path in other stores. */
  #placeOf({ path }: SqlQuery): string | undefined {
    return path === undefined ? undefined : this.#store + path;
  }

  /** Whether what a write expects is already not so. A write that waited for the lock has often lost by then. */
  #isLost({ expects }: ConditionalWrite): boolean {
    if (expects === undefined) return false;
    try {
      return versionIn(this.#rows(expects.query)) !== expects.version;
    } catch {
      // Still busy, or worse; the write itself will tell.
      return false;
    }
  }

  #rows(query: SqlQuery): readonly SqlRow[] {
    return this.#connection.exclusively(() => this.#connection.rows(query));
  }
}
