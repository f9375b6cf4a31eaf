import type { OperationContext } from '@holdfast/core/adapter';
import type { SqlRow } from '@holdfast/sql';
import type { LibsqlStatement } from './client.ts';
import type { LibsqlWork, Written } from './work.ts';

/**
 * A way to a database. What it throws are HoldfastErrors; those of `write` have an outcome, that of all statements. A lock
 * that somebody else holds is waited for, without blocking the event loop.
 */
export interface LibsqlConnection {
  /** How long a lock is waited for, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** How long a request may be, in bytes. */
  readonly mostRequestBytes: number;
  /**
   * Runs one read.
   *
   * @param options `now` is for one that does not wait for a lock, and fails with `BUSY` instead
   */
  read(
    statement: LibsqlStatement,
    context: OperationContext,
    options?: { readonly now: boolean },
  ): Promise<readonly SqlRow[]>;
  /**
   * Runs reads in as few requests as their answers have room in, each of one moment. `undefined` is for one that is to be sent by
   * itself. Left out where nothing is sent.
   */
  readTogether?(
    statements: readonly LibsqlStatement[],
    context: OperationContext,
  ): Promise<readonly (readonly SqlRow[] | undefined)[]>;
  /** Runs statements in one transaction, all or none. One by itself is a transaction without a beginning and an end. */
  write(work: LibsqlWork, context: OperationContext): Promise<Written>;
  /** Releases what was opened, and nothing that was given. */
  close(): void;
}
