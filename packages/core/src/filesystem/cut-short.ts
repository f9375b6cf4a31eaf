import type { ErrorCode, Outcome } from '../errors/error-codes.ts';
import { isHoldfastError, type HoldfastError } from '../errors/holdfast-error.ts';
import { restated } from '../errors/restated.ts';
import { outcomeOf } from './adapter-error.ts';

/**
 * What a call may end with because it was cut short: a driver makes of its cancellation whatever it likes, and a limit of
 * an adapter's own may end a wait at the same moment. Every other code says something about the call or what is stored.
 */
const CODES: ReadonlySet<ErrorCode> = new Set([
  'BUSY',
  'TIMEOUT',
  'ABORTED',
  'OUTCOME_UNKNOWN',
  'CLOSED',
  'UNAVAILABLE',
  'BACKEND_FAILED',
]);

/**
 * The error that a call ends with. When its caller's patience is over, that is what ended it, whichever of two clocks
 * was first; but an answer of the backend stays one. What was thrown stays as it is while the patience lasts.
 *
 * The outcome is that of what was thrown, which is nobody's promise when that is no {@link HoldfastError}.
 */
export function unlessCutShort<T>(thrown: T, call: Exhaustible): T | HoldfastError {
  const over = call.exhausted();
  if (over === undefined) return thrown;
  const known = isHoldfastError(thrown) ? thrown : undefined;
  // Where it says the same it may say more, such as that a write was in flight.
  if (known !== undefined && (!CODES.has(known.code) || known.code === over.code)) return thrown;
  const { operation, path } = over;
  const outcome: Outcome = known === undefined ? 'unknown' : outcomeOf(known);
  return restated(over, { operation, path, outcome: over.outcome && outcome });
}

/** A call that its caller's patience ends. */
interface Exhaustible {
  exhausted(): HoldfastError | undefined;
}
