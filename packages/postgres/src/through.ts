import { HoldfastError, isHoldfastError } from '@holdfast/core';
import { pause, type OperationContext } from '@holdfast/core/adapter';
import { sqlState } from './errors.ts';
import { OVERTAKEN } from './batch-statement.ts';

/**
 * How often a statement is sent that others got in the way of. Each time, one of them has landed in between, or has been let
 * through where two waited for each other; so this many in a row mean that the paths are too busy.
 */
const MOST_SENDS = 32;

/** Serialization failure and deadlock: what the server has rolled back for the sake of others. */
const GAVE_WAY: ReadonlySet<string | undefined> = new Set(['40001', '40P01']);

/** The longest pause before a statement that gave way is sent again, in milliseconds: whoever it gave way to goes first. */
const LONGEST_PAUSE_MS = 10;

/**
 * Sends a statement until it is not in the way of others any more. What the server has rolled back has left nothing, so it
 * can go out again, for as long as its caller waits.
 *
 * @throws HoldfastError `BUSY` with outcome `'not-applied'` when others were in the way each time; whatever `send` throws
 */
export async function untilThrough<T>(send: () => Promise<T>, { signal }: OperationContext): Promise<T> {
  for (let sends = 1; ; sends += 1) {
    try {
      return await send();
    } catch (error) {
      const state = isHoldfastError(error) ? sqlState(error.rawCause()) : undefined;
      if (state !== OVERTAKEN && !GAVE_WAY.has(state)) throw error;
      if (sends === MOST_SENDS) throw inTheWay(error as HoldfastError);
      if (GAVE_WAY.has(state)) await pause(Math.random() * LONGEST_PAUSE_MS, signal);
      if (signal.aborted) throw inTheWay(error as HoldfastError);
    }
  }
}

function inTheWay(error: HoldfastError): HoldfastError {
  const cause = error.rawCause();
  return new HoldfastError('BUSY', 'other transactions were in the way', { outcome: 'not-applied', cause });
}
