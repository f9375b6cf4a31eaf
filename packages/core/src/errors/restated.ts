import { RecordInvalidError } from '../codecs/record-invalid-error.ts';
import { HoldfastError, OWN_WORDS, type HoldfastErrorDetails } from './holdfast-error.ts';

/**
 * The same error as one of another operation, path or outcome: with its code, message, capability, paths, issues and cause, and
 * with the stack of who calls this. Made in the function that the caller awaits, it leads to the line of the caller; an
 * error that was made in a timer or by a driver leads nowhere.
 */
export function restated(error: HoldfastError, details: Omit<HoldfastErrorDetails, 'cause'>): HoldfastError {
  const { code, message, capability, paths } = error;
  const all = { capability, paths, [OWN_WORDS]: HoldfastError.hasOwnWords(error), ...details, ...causeOf(error) };
  const { issues } = error as Partial<RecordInvalidError>;
  return code === 'RECORD_INVALID' && Array.isArray(issues)
    ? new RecordInvalidError(message, { ...all, issues })
    : new HoldfastError(code, message, all);
}

/** The cause to hand on, of an error that has one; one of an earlier release shows it as it is. */
export function causeOf(error: HoldfastError): { readonly cause?: unknown } {
  if (error.cause === undefined) return {};
  return { cause: typeof error.rawCause === 'function' ? error.rawCause() : error.cause };
}
