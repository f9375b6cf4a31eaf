import { isHoldfastError } from '@holdfast/core';
import { clock, type OperationContext } from '@holdfast/core/adapter';
import {
  isOnlyChecks,
  versionIn,
  type GetsStatement,
  type GetStatement,
  type GroupResult,
  type SqlDriver,
  type SqlQuery,
  type SqlRow,
  type WriteContext,
  type WriteGroup,
} from '@holdfast/sql';
import { BatchWrite, type BatchWriteParts } from './batch-write.ts';
import type { BatchWriter } from './batch-writer.ts';
import { retryWhileBusy } from './busy-retry.ts';
import type { SqliteConnection } from './connection.ts';
import { LockShare } from './lock-share.ts';
import { LoopWriter } from './loop-writer.ts';
import { ManyRead } from './many-read.ts';
import { readUnderWriteLock, runChecks } from './transactions.ts';

/** How long a read may wait for the write lock while nothing changes, in milliseconds: a commit or two. */
const LONGEST_WAIT_FOR_LOCK_MS = 8;

/** What a driver works with. */
export interface SqliteDriverParts {
  readonly connection: SqliteConnection;
  /** What writes, in place of the connection: a thread. */
  readonly writer?: BatchWriter | undefined;
  readonly busyTimeoutMs: number;
  readonly getsStatement: GetsStatement;
}

/** Runs the statements of a filesystem: reads on one connection, and writes there or where there is something else for them. */
export class SqliteDriver implements SqlDriver {
  readonly #connection: SqliteConnection;
  readonly #busyTimeoutMs: number;
  readonly #getsStatement: GetsStatement;
  readonly #parts: BatchWriteParts;

  constructor({ connection, busyTimeoutMs, getsStatement, writer = new LoopWriter(connection) }: SqliteDriverParts) {
    this.#connection = connection;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#getsStatement = getsStatement;
    const share = new LockShare();
    this.#parts = {
      connection,
      writer,
      busyTimeoutMs,
      busySince: undefined,
      // A database in memory is nobody else's.
      restMs: () => (connection.database.memory ? 0 : share.restMs()),
      held: (milliseconds) => share.held(milliseconds),
    };
  }

  read(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]> {
    return this.#read(query, context, this.#busyTimeoutMs);
  }

  readMany(get: GetStatement, paths: readonly string[], context: OperationContext): Promise<(SqlRow | undefined)[]> {
    const parts = {
      statement: this.#getsStatement,
      read: (query: SqlQuery) => this.read(query, context),
      get: (path: string) => get.query({ path }),
    };
    return new ManyRead(parts, paths).run();
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

  async write(groups: readonly WriteGroup[], context: WriteContext): Promise<readonly GroupResult[]> {
    if (groups.every(isOnlyChecks)) return this.#check(groups, context);
    return (await new BatchWrite(this.#parts, groups, context).run()) as readonly GroupResult[];
  }

  /** The connection last: while it has the file open, another of the same library closes it without letting go of its locks. */
  async close(): Promise<void> {
    try {
      await this.#parts.writer.close();
    } finally {
      this.#connection.close();
    }
  }

  #read(query: SqlQuery, context: OperationContext, busyTimeoutMs: number): Promise<readonly SqlRow[]> {
    return retryWhileBusy({ run: () => this.#rows(query) }, { busyTimeoutMs, context });
  }

  #check(groups: readonly WriteGroup[], context: OperationContext): Promise<readonly GroupResult[]> {
    const run = (): readonly GroupResult[] => this.#connection.exclusively(() => runChecks(this.#connection, groups));
    return retryWhileBusy({ run }, { busyTimeoutMs: this.#busyTimeoutMs, context });
  }

  #rows(query: SqlQuery): readonly SqlRow[] {
    return this.#connection.exclusively(() => this.#connection.rows(query));
  }
}
