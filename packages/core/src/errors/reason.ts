import { isError } from '../realms/is-error.ts';
import { isHoldfastError } from './holdfast-error.ts';
import { causeOf } from './restated.ts';
import { safeWords } from './safe-words.ts';
import { MOST_CAUSES } from './withheld-cause.ts';

/**
 * A message with the code of what was thrown behind it: `the database cannot be reached (ECONNREFUSED)`. That of the
 * deepest cause which has one, since what is around it tells less; the message alone where none is a plain code.
 */
export function withReason(message: string, thrown: unknown): string {
  const reason = reasonOf(thrown, 1);
  return reason === undefined ? message : `${message} (${reason})`;
}

function reasonOf(thrown: unknown, depth: number): string | undefined {
  try {
    if (!isError(thrown) || depth > MOST_CAUSES) return undefined;
    if (isHoldfastError(thrown)) return reasonOf(causeOf(thrown).cause, depth + 1);
    const { errors } = thrown as { readonly errors?: unknown };
    // Connecting to a name with several addresses fails with an error for each.
    const below: unknown = Array.isArray(errors) ? (errors as readonly unknown[])[0] : thrown.cause;
    return reasonOf(below, depth + 1) ?? safeWords(thrown).code;
  } catch {
    return undefined;
  }
}
