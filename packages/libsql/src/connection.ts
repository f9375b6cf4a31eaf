import type { OperationContext } from '@holdfast/core/adapter';
import type { SqlRow } from '@holdfast/sql';
import type { LibsqlStatement } from './client.ts';

/** What must hold for statements to land, in two forms: one that tells, and one that fails a batch as a whole. */
export interface LibsqlCondition {
  /** Fails nothing, and gives rows that `placesIn` reads. */
  readonly query: LibsqlStatement;
  /** What does not hold, by numbers; none when all does. */
  placesIn(rows: readonly SqlRow[]): readonly number[];
  /** Fails when something does not hold. */
  readonly guard: LibsqlStatement;
  /** The same numbers, in the message of the driver's error; `undefined` when it is another error. */
  placesInMessage(message: string): readonly number[] | undefined;
}

/** How many rows each statement changed, or what does not hold. */
export type ConditionalChanges = { readonly changed: readonly number[] } | { readonly unmet: readonly number[] };

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
  /**
   * Runs statements in one transaction if a condition holds in it, all or none. Whatever the condition looked at is as it was
   * when they land.
   */
  writeIf(
    condition: LibsqlCondition,
    statements: readonly LibsqlStatement[],
    context: OperationContext,
  ): Promise<ConditionalChanges>;
  /** Releases what was opened, and nothing that was given. */
  close(): void;
}
