import type { HoldfastError } from '@holdfast/core';
import { clock, type OperationContext } from '@holdfast/core/adapter';
import type { LibsqlResult, LibsqlStatement } from './client.ts';
import type { LibsqlConnection } from './connection.ts';

/** Statements that land together or not at all. Which they are is decided when they can be sent. */
export interface LibsqlWork {
  /** Since when whoever has waited longest waits, on the clock of core. */
  waitedSince(): number;
  /** Says that nothing has been sent, or all of it was undone, and that it has to wait. */
  wait(): void;
  /** Says that it seems to hang, so that nobody waits behind it any more. */
  makeWay(): void;
  /** The statements, right before they are sent, each time that they are; with none nothing is. */
  begin(): readonly LibsqlStatement[];
  /**
   * Told each time that a lock was found held, with since when. Who need not wait is let go.
   *
   * @returns whether nobody is left
   */
  held(busy: HoldfastError, since: number): Promise<boolean>;
}

/** What became of statements: what each answered or, where all were undone because of one, which that is. */
export type Written =
  | { readonly results: readonly LibsqlResult[] }
  | { readonly refused: number; readonly error: HoldfastError };

/**
 * Runs statements in one transaction, all or none.
 *
 * @returns how many rows each changed
 */
export async function writeStatements(
  connection: LibsqlConnection,
  statements: readonly LibsqlStatement[],
  context: OperationContext,
): Promise<readonly number[]> {
  const began = clock.now();
  const work: LibsqlWork = {
    waitedSince: () => began,
    wait() {},
    makeWay() {},
    begin: () => statements,
    held: async () => false,
  };
  const written = await connection.write(work, context);
  if ('refused' in written) throw written.error;
  return written.results.map(({ rowsAffected }) => rowsAffected);
}
