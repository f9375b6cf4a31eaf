import type { HoldfastError, Version } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';
import { decodeText } from './rows/text.ts';
import type { SqlQuery } from './statements/statement.ts';

/** A row as the driver gives it: its columns by name. Nothing about the values is believed. */
export type SqlRow = Readonly<Record<string, unknown>>;

/**
 * One conditional write: a single statement that changes one row when its expectation holds and none when it
 * does not, so that it is atomic on every database without a transaction around it.
 */
export interface ConditionalWrite {
  readonly query: SqlQuery;
  /** What it expects; `undefined` when it expects nothing. */
  readonly expects: VersionCheck | undefined;
}

/**
 * The expectation of a write, and how to ask without writing whether it still holds. A driver that has to wait
 * for a lock asks before it waits: a write that can no longer succeed need not wait.
 */
export interface VersionCheck {
  /** Gives the row at the path, with at least its version, or none. */
  readonly query: SqlQuery;
  /** The version that must be there; `undefined` when nothing must be. */
  readonly version: Version | undefined;
}

/**
 * The version in the rows of a read of one path, to compare with that of a {@link VersionCheck}: `null` where there is a
 * row that has none.
 */
export function versionIn([row]: readonly SqlRow[]): unknown {
  return row === undefined ? undefined : (decodeText(row['version']) ?? null);
}

/** What became of one conditional write: how many rows it changed, 0 or 1, or why it failed. */
export type WriteResult = { readonly changed: number } | { readonly error: HoldfastError };

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
   * Runs independent conditional writes in the order of the list and answers one result for each, in the same
   * order. Each is durable when it is answered. One that fails does not fail the others. A list of one is one
   * round trip.
   */
  write(writes: readonly ConditionalWrite[], context: OperationContext): Promise<readonly WriteResult[]>;

  /** Releases what the adapter opened, and nothing that it was given. */
  close(): Promise<void>;
}
