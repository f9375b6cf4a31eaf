import { isHoldfastError, type HoldfastError } from '../../src/errors/holdfast-error.ts';

/** What a promise rejects with. Fails when it does not reject. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const settled = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in settled) return settled.error;
  throw new Error('expected a rejection, but the promise was fulfilled');
}

/** The typed error that a promise rejects with. Fails for any other, for one whose message lacks a word, and when it does not reject. */
export async function typedRejection(promise: Promise<unknown>): Promise<HoldfastError> {
  return typed(await rejection(promise));
}

/** The typed error that a function throws. Fails for any other, for one whose message lacks a word, and when it does not throw. */
export function typedThrow(run: () => unknown): HoldfastError {
  try {
    run();
  } catch (error) {
    return typed(error);
  }
  throw new Error('expected an error, but the function returned');
}

function typed(error: unknown): HoldfastError {
  if (!isHoldfastError(error)) throw new Error('expected a HoldfastError', { cause: error });
  if (LACKS_WORDS.test(error.message)) throw new Error(`expected a sentence, not "${error.message}"`, { cause: error });
  return error;
}

/** Nothing, a gap at its beginning or end, or one before a sign or another gap. */
const LACKS_WORDS = /^$|^\s|\s$|\s[;,.\s]/;
