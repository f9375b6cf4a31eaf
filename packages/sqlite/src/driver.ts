import { isHoldfastError } from '@holdfast/core';
import { clock, type OperationContext } from '@holdfast/core/adapter';
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
import { readUnderWriteLock, runWrites } from './transactions.ts';

/** How long a read may wait for the write lock while nothing changes, in milliseconds: a commit or two. */
const LONGEST_WAIT_FOR_LOCK_MS = 8;

/** What a driver works with. */
export interface SqliteDriverParts {
  readonly connection: SqliteConnection;
  readonly busyTimeoutMs: number;
}

/** Runs the statements of a filesystem on one connection. */
export class SqliteDriver implements SqlDriver {
  readonly #connection: SqliteConnection;
  readonly #busyTimeoutMs: number;
  readonly #share = new LockShare();

  constructor({ connection, busyTimeoutMs }: SqliteDriverParts) {
    this.#connection = connection;
    this.#busyTimeoutMs = busyTimeoutMs;
  }

  read(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]> {
    return this.#read(query, context, this.#busyTimeoutMs);
  }

  /** Reads while no other process is writing, if that comes to pass in time. */
  async readBeforeWrite(query: SqlQuery, context: OperationContext, waitMs: number): Promise<readonly SqlRow[]> {
    const began = clock.now();
    const run = (): readonly SqlRow[] =>
      this.#connection.exclusively(() => readUnderWriteLock(this.#connection, query));
    let seen: { readonly version: unknown; readonly until: number } | undefined;
    // A read needs no lock. While others commit here, it is worth to wait for; one that is just held is not.
    const giveUp = (): readonly SqlRow[] | undefined => {
      if (seen !== undefined && clock.now() < seen.until) return undefined;
      const rows = this.#rows(query);
      const version = versionIn(rows);
      if (seen !== undefined && seen.version === version) return rows;
      seen = { version, until: clock.now() + LONGEST_WAIT_FOR_LOCK_MS };
      return undefined;
    };
    try {
      return await retryWhileBusy({ run, giveUp }, { busyTimeoutMs: Math.min(waitMs, this.#busyTimeoutMs), context });
    } catch (error) {
      if (!isHoldfastError(error, 'BUSY')) throw error;
      return this.#read(query, context, Math.max(0, this.#busyTimeoutMs - (clock.now() - began)));
    }
  }

  async write(writes: readonly ConditionalWrite[], context: OperationContext): Promise<readonly WriteResult[]> {
    try {
      return await retryWhileBusy(
        {
          run: () => this.#runWrites(writes),
          // A database in memory is nobody else's.
          restMs: () => (this.#connection.database.memory ? 0 : this.#share.restMs()),
          giveUp: () => (writes.every((write) => this.#isLost(write)) ? writes.map(() => ({ changed: 0 })) : undefined),
        },
        { busyTimeoutMs: this.#busyTimeoutMs, context },
      );
    } finally {
      // Whoever else waits in this process goes first, else one caller in a loop would starve the others.
      await clock.nextTurn();
    }
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  #read(query: SqlQuery, context: OperationContext, busyTimeoutMs: number): Promise<readonly SqlRow[]> {
    return retryWhileBusy({ run: () => this.#rows(query) }, { busyTimeoutMs, context });
  }

  #runWrites(writes: readonly ConditionalWrite[]): readonly WriteResult[] {
    const began = clock.now();
    const results = this.#connection.exclusively(() => runWrites(this.#connection, writes));
    this.#share.held(clock.now() - began);
    return results;
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
