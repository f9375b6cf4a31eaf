import type { ErrorCode } from './error-codes.ts';
import { HoldfastError, OWN_WORDS, type HoldfastErrorDetails, type OwnDetails } from './holdfast-error.ts';
import { restated } from './restated.ts';

/**
 * An error whose message is of this package's own words: nothing in it comes from a driver, an adapter or what is
 * stored, so that nobody who passes it on has to leave any of it out.
 */
export function ownError(code: ErrorCode, message: string, details: HoldfastErrorDetails = {}): HoldfastError {
  const own: OwnDetails = { ...details, [OWN_WORDS]: true };
  return new HoldfastError(code, message, own);
}

/** The same for an error that says what is wrong with an argument, which is the caller's own. */
export function withOwnWords(error: HoldfastError): HoldfastError {
  const { operation, path, outcome } = error;
  const own: OwnDetails = { operation, path, outcome, [OWN_WORDS]: true };
  return restated(error, own);
}
