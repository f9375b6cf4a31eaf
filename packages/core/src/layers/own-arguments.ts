import type { Entry } from '../entries/entry.ts';
import { parseEntry } from '../entries/parse-entry.ts';
import {
  parseDeleteExpectation,
  parseExpectation,
  type ParsedDeleteExpectation,
  type ParsedExpectation,
} from '../expectations/cas-expectation.ts';

/**
 * Copies of what a `put` was given, for a layer that sends it later or more than once: what the caller changes after
 * the call changes nothing. `undefined` when the filesystem below has something to refuse about them, at once.
 */
export function ownPut(
  entry: unknown,
  expectation: unknown,
): { readonly entry: Entry; readonly expectation: ParsedExpectation } | undefined {
  try {
    return { entry: parseEntry(entry), expectation: parseExpectation(expectation) };
  } catch {
    return undefined;
  }
}

/** The same for what a `delete` was given. */
export function ownDelete(expectation: unknown): { readonly expectation: ParsedDeleteExpectation } | undefined {
  try {
    return { expectation: parseDeleteExpectation(expectation) };
  } catch {
    return undefined;
  }
}
