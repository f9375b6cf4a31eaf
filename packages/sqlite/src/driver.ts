import { setImmediate as nextTurn } from 'node:timers/promises';
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
import { LockShare } from './lock-share.ts';
import { RetryLine } from './retry-line.ts';
import { readUnderWriteLock, runWrites } from './transactions.ts';

/**
 * The longest a read that follows a lost write waits, for its turn and for the write lock together, in
 * milliseconds. Who waited in vain reads all the same.
 */
const LONGEST_WAIT_TO_READ_MS = 100;

/** Of what is left until a deadline, the part that such a read may wait. */
const SHARE_OF_DEADLINE = 1 / 4;

/** How much of it may be spent on the write lock while nothing changes, in milliseconds: a commit or two. */
const LONGEST_WAIT_FOR_LOCK_MS = 8;

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
  readonly #share = new LockShare();

  constructor({ connection, busyTimeoutMs, store }: SqliteDriverParts) {
    this.#connection = connection;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#store = store;
  }

  async read(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]> {
    const run = (): readonly SqlRow[] => this.#rows(query);
    const place = this.#placeOf(query);
    if (!line.expects(place)) {
      return retryWhileBusy({ run }, { busyTimeoutMs: this.#busyTimeoutMs, context });
    }
    const began = performance.now();
    const rows = await this.#readInTurn(query, place, context);
    if (rows !== undefined) return rows;
    const spentMs = performance.now() - began;
    return retryWhileBusy({ run }, { busyTimeoutMs: Math.max(0, this.#busyTimeoutMs - spentMs), context });
  }

  async write(writes: readonly ConditionalWrite[], context: OperationContext): Promise<readonly WriteResult[]> {
    for (const { query, expects } of writes) line.writes(this.#placeOf(query), expects?.version);
    let results: readonly WriteResult[] = [];
    try {
      results = await retryWhileBusy(
        {
          run: () => this.#runWrites(writes),
          // A database in memory is nobody else's.
          restMs: () => (this.#connection.database.memory ? 0 : this.#share.restMs()),
          giveUp: () => (writes.every((write) => this.#isLost(write)) ? writes.map(() => ({ changed: 0 })) : undefined),
        },
        { busyTimeoutMs: this.#busyTimeoutMs, context },
      );
      return results;
    } finally {
      writes.forEach((write, index) => this.#tellLine(write, results[index]));
      // Whoever else waits in this process goes first, else one caller in a loop would starve the others.
      await nextTurn();
    }
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  /**
   * Reads in turn with others of this process who lost here, and if possible while no other process is writing.
   * What is read during another's commit is stale before a write can follow; without this, the writers of one
   * hot path would spend their attempts on writes that cannot succeed.
   */
  async #readInTurn(query: SqlQuery, place: string, context: OperationContext): Promise<readonly SqlRow[] | undefined> {
    const { signal } = context;
    const waitMs = Math.min(LONGEST_WAIT_TO_READ_MS, context.remainingMs() * SHARE_OF_DEADLINE, this.#busyTimeoutMs);
    const until = performance.now() + waitMs;
    if (!(await line.enter(place, waitMs, signal))) return undefined;
    const run = (): readonly SqlRow[] =>
      this.#connection.exclusively(() => readUnderWriteLock(this.#connection, query));
    let seen: { readonly version: unknown; readonly until: number } | undefined;
    // A read needs no lock. While others commit here, it is worth to wait for; one that is just held is not.
    const giveUp = (): readonly SqlRow[] | undefined => {
      if (seen !== undefined && performance.now() < seen.until) return undefined;
      const rows = this.#rows(query);
      const version = versionIn(rows);
      if (seen !== undefined && seen.version === version) return rows;
      seen = { version, until: performance.now() + LONGEST_WAIT_FOR_LOCK_MS };
      return undefined;
    };
    try {
      const busyTimeoutMs = Math.max(0, until - performance.now());
      const rows = await retryWhileBusy({ run, giveUp }, { busyTimeoutMs, context });
      line.hasRead(place, versionIn(rows));
      return rows;
    } catch (error) {
      line.next(place);
      if (isHoldfastError(error, 'BUSY')) return undefined;
      throw error;
    }
  }

  #runWrites(writes: readonly ConditionalWrite[]): readonly WriteResult[] {
    const began = performance.now();
    const results = this.#connection.exclusively(() => runWrites(this.#connection, writes));
    this.#share.held(performance.now() - began);
    return results;
  }

  #tellLine({ query, expects }: ConditionalWrite, result: WriteResult | undefined): void {
    const place = this.#placeOf(query);
    const rows = result !== undefined && 'changed' in result ? result.changed : undefined;
    if (rows === 0 && expects !== undefined) line.lost(place);
    const changed = rows !== undefined && rows > 0;
    // In a turn of the event loop of its own, so that those who are let in one after the other do not mix.
    setImmediate(() => line.hasWritten(place, changed, expects?.version));
  }

  /** What a query is about, told apart from the same path in other stores. */
  #placeOf({ path }: SqlQuery): string {
    // A range has none, and is no writer's return: nothing is ever lost at the store itself.
    return path === undefined ? this.#store : this.#store + path;
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
