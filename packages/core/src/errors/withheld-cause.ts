import { isError } from '../realms/is-error.ts';
import { kindOf } from './kind-of.ts';
import { safeWords } from './safe-words.ts';

/** How far causes of causes are looked into, shown or searched. Drivers go no further: `fetch failed`, and why it did. */
export const MOST_CAUSES = 4;

/** Stands where the text of an error would. Loggers put the messages of all causes into one line. */
const WITHHELD = 'text withheld, see rawCause()';
const WITHHELD_BELOW = 'text withheld';

/**
 * What stands for the cause of a HoldfastError that is not one itself: an error with its class and code, and the same
 * of its own causes. Nothing that anybody prints, logs or clones of it has the text, which may name hosts or secrets,
 * or the frames, which begin with the text. Never throws, whatever the cause does when it is looked at.
 */
export function withheldCause(cause: unknown, depth = 1): Error {
  try {
    if (!isError(cause)) return standIn({ name: 'Error', message: `${kindOf(cause)} was thrown, see rawCause()` });
    const { cause: inner } = cause;
    const shown = isError(inner) && depth < MOST_CAUSES ? withheldCause(inner, depth + 1) : undefined;
    return standIn({ ...safeWords(cause), message: depth === 1 ? WITHHELD : WITHHELD_BELOW, cause: shown });
  } catch {
    return standIn({ name: 'Error', message: WITHHELD });
  }
}

interface Shown {
  readonly name: string;
  readonly message: string;
  readonly code?: string | undefined;
  readonly cause?: Error | undefined;
}

function standIn({ name, message, code, cause }: Shown): Error {
  const error = new Error(message, cause === undefined ? {} : { cause });
  const stack = `${code === undefined ? name : `${name} [${code}]`}: ${message}`;
  // As the same properties of any error: a code is listed, a name and a stack are not.
  Object.defineProperties(error, { name: { ...OWN, value: name }, stack: { ...OWN, value: stack } });
  return code === undefined ? error : Object.assign(error, { code });
}

const OWN = { writable: true, configurable: true } as const;
