import type { OperationContext } from '@holdfast/core/adapter';
import type { SqlRow } from '@holdfast/sql';
import type { LibsqlStatement } from './client.ts';

/**
 * A way to a database. What it throws are HoldfastErrors; those of `write` have an outcome. A lock that somebody
 * else holds is waited for, without blocking the event loop.
 */
export interface LibsqlConnection {
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
   * Runs statements in one transaction, all or none, and answers how many rows each changed.
   *
   * @param lost asked while a lock is waited for: whether waiting is in vain, since no statement would change
   * anything; then each is answered with 0
   */
  write(
    statements: readonly LibsqlStatement[],
    context: OperationContext,
    lost?: () => Promise<boolean>,
  ): Promise<readonly number[]>;
  /** Releases what was opened, and nothing that was given. */
  close(): void;
}
