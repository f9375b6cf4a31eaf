import { isHoldfastError } from '@holdfast/core';
import { clock, type OperationContext } from '@holdfast/core/adapter';
import {
  isOnlyChecks,
  versionIn,
  type GroupResult,
  type SqlDriver,
  type SqlQuery,
  type SqlRow,
  type WriteGroup,
} from '@holdfast/sql';
import { retryWhileBusy } from './busy-retry.ts';
import type { SqliteConnection } from './connection.ts';
import { LockShare } from './lock-share.ts';
import { readUnderWriteLock, runChecks, runGroups, unmetOf } from './transactions.ts';

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

  async write(groups: readonly WriteGroup[], context: OperationContext): Promise<readonly GroupResult[]> {
    if (groups.every(isOnlyChecks)) return this.#check(groups, context);
    try {
      return await retryWhileBusy(
        {
          run: () => this.#runGroups(groups),
          // A database in memory is nobody else's.
          restMs: () => (this.#connection.database.memory ? 0 : this.#share.restMs()),
          giveUp: () => this.#lost(groups),
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

  #check(groups: readonly WriteGroup[], context: OperationContext): Promise<readonly GroupResult[]> {
    const run = (): readonly GroupResult[] => this.#connection.exclusively(() => runChecks(this.#connection, groups));
    return retryWhileBusy({ run }, { busyTimeoutMs: this.#busyTimeoutMs, context });
  }

  #runGroups(groups: readonly WriteGroup[]): readonly GroupResult[] {
    const began = clock.now();
    const results = this.#connection.exclusively(() => runGroups(this.#connection, groups));
    this.#share.held(clock.now() - began);
    return results;
  }

  /** What becomes of groups that can land no more, all of them. One that waited for the lock has often lost by then. */
  #lost(groups: readonly WriteGroup[]): readonly GroupResult[] | undefined {
    try {
      const results: GroupResult[] = [];
      for (const group of groups) {
        const unmet = this.#connection.exclusively(() => unmetOf(this.#connection, group));
        if (unmet.length === 0) return undefined;
        results.push({ unmet });
      }
      return results;
    } catch {
      // Still busy, or worse; the write itself will tell.
      return undefined;
    }
  }

  #rows(query: SqlQuery): readonly SqlRow[] {
    return this.#connection.exclusively(() => this.#connection.rows(query));
  }
}
