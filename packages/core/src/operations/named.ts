import { ERROR_CODES, type ErrorCode, type Outcome } from '../errors/error-codes.ts';
import {
  hasOutcome,
  type HoldfastError,
  type HoldfastErrorDetails,
  type OperationName,
} from '../errors/holdfast-error.ts';
import { ownError } from '../errors/own-error.ts';

/** What the errors of an operation say it is. */
export interface Named {
  readonly name: OperationName;
  /** `undefined` where it has none, or was given none that is one. */
  readonly path: string | undefined;
  /** Whether it changes something, so that its errors carry an outcome. */
  readonly changes: boolean;
}

/**
 * The outcome that an error of an operation tells: none of one that only reads, and of one that could have changed
 * something and does not, such as a commit of checks alone, that nothing changed.
 */
export function ownOutcome({ name, changes }: Named, outcome: Outcome): Outcome | undefined {
  if (changes) return outcome;
  return hasOutcome(name) ? 'not-applied' : undefined;
}

/** An error of an operation in this package's own words; of one that changes something with the outcome of its code. */
export function errorOf(
  named: Named,
  code: ErrorCode,
  message: string,
  details: HoldfastErrorDetails = {},
): HoldfastError {
  const { name: operation, path } = named;
  const outcome = ownOutcome(named, ERROR_CODES[code].outcome);
  return ownError(code, message, { operation, path, outcome, ...details });
}
