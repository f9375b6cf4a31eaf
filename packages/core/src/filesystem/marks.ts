import type { ParsedExpectation } from '../expectations/cas-expectation.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import type { Version } from '../versions/version.ts';

/** What can be told of a write by the version of one entry that it changes. */
export interface Mark {
  readonly path: VirtualPath;
  /** The version that the write gives the entry; `undefined` when landing leaves no version to recognise. */
  readonly minted: Version | undefined;
  /** The version that the write expects of the entry; `undefined` when it expects none. */
  readonly expected: Version | undefined;
}

/** The mark of a write at one path. */
export function markOf(path: VirtualPath, minted: Version | undefined, expectation: ParsedExpectation): Mark {
  return { path, minted, expected: typeof expectation === 'object' ? expectation.version : undefined };
}

/** What a write is found out by: our own version anywhere, and it has landed; one that it replaces, and it has not yet. */
export type Verdict = 'landed' | 'not-yet' | 'untold';

/** Reads the version of an entry. */
export type ReadVersion = (path: VirtualPath) => Promise<Version | undefined>;

/**
 * Reads back what a write changes, until one entry tells what became of it. Since all of it lands or nothing, and what
 * it replaces never comes back, one is enough, and each may be read at another moment.
 */
export async function verdictOf(marks: readonly Mark[], read: ReadVersion): Promise<Verdict> {
  for (const { path, minted, expected } of marks) {
    const found = await read(path);
    if (found === undefined) continue;
    if (found === minted) return 'landed';
    if (found === expected) return 'not-yet';
  }
  return 'untold';
}

/** The marks that can tell anything, those first that can tell both. */
export function tellingMarks(marks: readonly Mark[]): readonly Mark[] {
  const worth = ({ minted, expected }: Mark): number =>
    (minted === undefined ? 0 : 1) + (expected === undefined ? 0 : 1);
  return marks.filter((mark) => worth(mark) > 0).toSorted((one, other) => worth(other) - worth(one));
}
