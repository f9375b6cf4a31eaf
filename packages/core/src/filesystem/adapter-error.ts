import { HoldfastError, isHoldfastError, type OperationName } from '../errors/holdfast-error.ts';

/**
 * Makes whatever an adapter threw the error its caller sees: a {@link HoldfastError} that names the operation
 * and the path and, for a mutation, an outcome. What an adapter did not classify becomes `BACKEND_FAILED`,
 * whose outcome is unknown: a promise needs somebody who makes it.
 */
export function adapterError(thrown: unknown, operation: OperationName, path: string | undefined): HoldfastError {
  if (!isHoldfastError(thrown)) {
    return new HoldfastError('BACKEND_FAILED', 'the backend failed', { operation, path, cause: thrown });
  }
  const mutates = operation === 'put' || operation === 'delete';
  // A layer passes on the errors of other operations too, and those of reads have no outcome.
  if (thrown.operation !== undefined && (!mutates || thrown.outcome !== undefined)) return thrown;
  return new HoldfastError(thrown.code, thrown.message, {
    operation,
    path: thrown.path ?? path,
    outcome: mutates ? thrown.outcome : undefined,
    capability: thrown.capability,
    ...(thrown.cause === undefined ? {} : { cause: thrown.cause }),
  });
}

/**
 * Makes whatever the check of a caller's argument threw the error the caller sees. What the argument itself
 * threw (a getter, a proxy) is an `INVALID_ARGUMENT` too: nothing has been sent.
 */
export function argumentError(thrown: unknown, operation: OperationName, path: string | undefined): HoldfastError {
  if (isHoldfastError(thrown)) return adapterError(thrown, operation, path);
  return new HoldfastError('INVALID_ARGUMENT', 'an argument threw when it was looked at', {
    operation,
    path,
    cause: thrown,
  });
}
