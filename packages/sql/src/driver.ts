import type { OperationContext } from '@holdfast/core/adapter';
import type { WriteContext } from './batches/batch.ts';
import type { GroupResult, WriteGroup } from './group.ts';
import { decodeText } from './rows/text.ts';
import type { SqlQuery, SqlStatement } from './statements/statement.ts';

/** A row as the driver gives it: its columns by name. Nothing about the values is believed. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** The statement that reads the row of one path. */
export type GetStatement = SqlStatement<{ readonly path: string }>;

/**
 * The version in the rows of a read of one path, to compare with that of a {@link VersionCheck}: `null` where there is a
 * row that has none.
 */
export function versionIn([row]: readonly SqlRow[]): unknown {
  return row === undefined ? undefined : (decodeText(row['version']) ?? null);
}

/**
 * What an adapter brings: a way to send statements. Everything it throws or answers is a HoldfastError without
 * operation and path; one from `write` has an `outcome`. A lock that somebody else holds is waited for within
 * `context`, without blocking the event loop, and is `BUSY` with outcome `'not-applied'` when that takes too
 * long.
 */
export interface SqlDriver {
  /** Runs one read outside of any transaction. One round trip. */
  read(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]>;

  /**
   * As `read`, for the read of a writer that has just lost at this path and will write again at once. On a backend
   * where what is read during another's commit is stale before a write can follow, it may wait for that, for at most
   * `waitMs`; then it reads all the same. Left out where there is nothing to wait for.
   */
  readBeforeWrite?(query: SqlQuery, context: OperationContext, waitMs: number): Promise<readonly SqlRow[]>;

  /**
   * Runs reads of one entry each in one round trip, and answers the rows of each in the same order; `undefined` for one that
   * is to be sent by itself. Left out where a round trip costs nothing. What it throws is so for all of them.
   */
  readTogether?(
    queries: readonly SqlQuery[],
    context: OperationContext,
  ): Promise<readonly (readonly SqlRow[] | undefined)[]>;

  /**
   * The rows at many paths, in as few round trips as the driver can, each as `get` reads it and in the place of its path;
   * `undefined` where there is none. A path may be there twice: each has a row to itself. What comes back at once is bounded, in
   * bytes, by the driver. Left out where this would be no faster than one `read` for each. What can be told of one path
   * alone names it.
   */
  readMany?(get: GetStatement, paths: readonly string[], context: OperationContext): Promise<(SqlRow | undefined)[]>;

  /**
   * Runs groups of writes that are independent of each other and answers one result for each, in the same order. A group
   * lands as a whole or not at all, whatever becomes of the others; each is durable when it is answered. What holds when a
   * group lands is what {@link WriteGroup} says, against every other group, also of other processes. A list of one
   * group of one write is one round trip and a single statement. What it throws is so for all groups, with the outcome of all.
   */
  write(groups: readonly WriteGroup[], context: WriteContext): Promise<readonly GroupResult[]>;

  /** Releases what the adapter opened, and nothing that it was given. */
  close(): Promise<void>;
}
