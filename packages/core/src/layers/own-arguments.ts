import type { Entry } from '../entries/entry.ts';
import { parseEntry } from '../entries/parse-entry.ts';
import {
  parseDeleteExpectation,
  parseExpectation,
  type ParsedDeleteExpectation,
  type ParsedExpectation,
} from '../expectations/cas-expectation.ts';
import { unreadable } from '../filesystem/unreadable.ts';
import type { Version } from '../versions/version.ts';

/** What a `put` was given, as a layer passes it on. */
export interface OwnPut {
  /** Whether there is nothing to refuse about it. */
  readonly isWellFormed: boolean;
  readonly entry: Entry;
  readonly expectation: ParsedExpectation;
}

/** The same for a `delete`. */
export interface OwnDelete {
  readonly isWellFormed: boolean;
  readonly expectation: ParsedDeleteExpectation;
}

/**
 * Copies of what a `put` was given, for a layer that sends it later or more than once: what the caller changes after
 * the call changes nothing. Where there is something to refuse, what the filesystem below refuses as it would have.
 */
export function ownPut(entry: unknown, expectation: unknown): OwnPut {
  try {
    return { isWellFormed: true, entry: parseEntry(entry), expectation: parseExpectation(expectation) };
  } catch (thrown) {
    return { isWellFormed: false, entry: unreadable(thrown) as Entry, expectation: 'any' };
  }
}

/** The same for what a `delete` was given. */
export function ownDelete(expectation: unknown): OwnDelete {
  try {
    return { isWellFormed: true, expectation: parseDeleteExpectation(expectation) };
  } catch (thrown) {
    return { isWellFormed: false, expectation: unreadable(thrown) as { readonly version: Version } };
  }
}
