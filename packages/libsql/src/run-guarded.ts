import { isHoldfastError } from '@holdfast/core';
import { isError } from '@holdfast/core/adapter';
import type { LibsqlResult, LibsqlStatement } from './client.ts';
import type { ConditionalChanges, LibsqlCondition } from './connection.ts';

/**
 * Runs statements behind a guard, by what runs statements in one transaction until one of them fails. What does not hold is
 * in what the guard failed with, so it costs no second round trip to tell, and is of the one moment at which it was looked at.
 *
 * @throws whatever `run` throws for any other reason
 */
export async function runGuarded(
  condition: LibsqlCondition,
  statements: readonly LibsqlStatement[],
  run: (statements: readonly LibsqlStatement[]) => Promise<readonly LibsqlResult[]>,
): Promise<ConditionalChanges> {
  try {
    const [, ...results] = await run([condition.guard, ...statements]);
    return { changed: results.map(({ rowsAffected }) => rowsAffected) };
  } catch (error) {
    const cause = isHoldfastError(error) ? error.rawCause() : error;
    const unmet = isError(cause) ? condition.placesInMessage(cause.message) : undefined;
    if (unmet === undefined) throw error;
    return { unmet };
  }
}
