import { ERROR_CODES, type ErrorCode } from '../errors/error-codes.ts';
import type { HoldfastError, HoldfastErrorDetails, OperationName } from '../errors/holdfast-error.ts';
import { ownError } from '../errors/own-error.ts';

/** What the errors of an operation say it is. */
export interface Named {
  readonly name: OperationName;
  /** `undefined` where it has none, or was given none that is one. */
  readonly path: string | undefined;
  /** Whether it changes something, so that its errors carry an outcome. */
  readonly changes: boolean;
}

/** An error of an operation in this package's own words; of one that changes something with the outcome of its code. */
export function errorOf(
  { name, path, changes }: Named,
  code: ErrorCode,
  message: string,
  details: HoldfastErrorDetails = {},
): HoldfastError {
  const outcome = changes ? ERROR_CODES[code].outcome : undefined;
  return ownError(code, message, { operation: name, path, outcome, ...details });
}
