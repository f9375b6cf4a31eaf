import { isHoldfastError, type HoldfastError } from '../errors/holdfast-error.ts';
import { ERROR_CODES, type Outcome } from '../errors/error-codes.ts';
import { withOwnWords } from '../errors/own-error.ts';
import { restated } from '../errors/restated.ts';
import { errorOf, ownOutcome, type Named } from '../operations/named.ts';

/**
 * Makes whatever an adapter threw the error its caller sees: a {@link HoldfastError} of this operation that names a path
 * (that of an entry, where the adapter named one) and, for a mutation, an outcome. What an adapter did not classify
 * becomes `BACKEND_FAILED`, whose outcome is unknown: a promise needs somebody who makes it.
 */
export function adapterError(thrown: unknown, named: Named): HoldfastError {
  if (!isHoldfastError(thrown)) {
    return errorOf(named, 'BACKEND_FAILED', 'the backend failed', { cause: thrown });
  }
  const { name: operation, path } = named;
  // Errors of other operations come by too, and those of reads have no outcome.
  const outcome = ownOutcome(named, outcomeOf(thrown));
  return restated(thrown, { operation, path: thrown.path ?? thrown.paths?.[0] ?? path, outcome });
}

/**
 * Makes whatever the check of a caller's argument threw the error the caller sees. What the argument itself
 * threw (a getter, a proxy) is an `INVALID_ARGUMENT` too: nothing has been sent.
 */
export function argumentError(thrown: unknown, named: Named): HoldfastError {
  if (!isHoldfastError(thrown)) {
    return errorOf(named, 'INVALID_ARGUMENT', 'an argument threw when it was looked at', { cause: thrown });
  }
  // What is said of an argument is what its caller may read, whoever passes it on.
  return withOwnWords(adapterError(thrown, named));
}

/** The outcome of an operation that changes something and failed with this; without one of its own, that of its code. */
export function outcomeOf(error: HoldfastError): Outcome {
  const { outcome, code } = error;
  if (outcome !== undefined) return outcome;
  // A code of another release promises nothing.
  return Object.hasOwn(ERROR_CODES, code) ? ERROR_CODES[code].outcome : 'unknown';
}
