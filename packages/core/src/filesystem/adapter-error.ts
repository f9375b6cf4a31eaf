import { isHoldfastError, type HoldfastError, type OperationName } from '../errors/holdfast-error.ts';
import { ownError, withOwnWords } from '../errors/own-error.ts';
import { restated } from '../errors/restated.ts';

/**
 * Makes whatever an adapter threw the error its caller sees: a {@link HoldfastError} of this operation that names a path
 * (that of an entry, where the adapter named one) and, for a mutation, an outcome. What an adapter did not classify
 * becomes `BACKEND_FAILED`, whose outcome is unknown: a promise needs somebody who makes it.
 */
export function adapterError(thrown: unknown, operation: OperationName, path: string | undefined): HoldfastError {
  if (!isHoldfastError(thrown)) {
    return ownError('BACKEND_FAILED', 'the backend failed', { operation, path, cause: thrown });
  }
  // Errors of other operations come by too, and those of reads have no outcome.
  const outcome = operation === 'put' || operation === 'delete' ? thrown.outcome : undefined;
  return restated(thrown, { operation, path: thrown.path ?? path, outcome });
}

/**
 * Makes whatever the check of a caller's argument threw the error the caller sees. What the argument itself
 * threw (a getter, a proxy) is an `INVALID_ARGUMENT` too: nothing has been sent.
 */
export function argumentError(thrown: unknown, operation: OperationName, path: string | undefined): HoldfastError {
  const details = { operation, path, cause: thrown };
  if (!isHoldfastError(thrown)) return ownError('INVALID_ARGUMENT', 'an argument threw when it was looked at', details);
  // What is said of an argument is what its caller may read, whoever passes it on.
  return withOwnWords(adapterError(thrown, operation, path));
}
