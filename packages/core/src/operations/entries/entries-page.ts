import type { Snapshot } from '../../entries/entry.ts';

/** Notes how much of an iteration somebody's pages have come to. */
export interface Given {
  /** How many entries its consumer was given. */
  entries: number;
  /** What the iteration failed with, after those. */
  failed?: { readonly thrown: unknown };
}

/** Some entries below a directory, in order: one page of an iteration. */
export interface EntriesPage {
  readonly entries: readonly Snapshot[];
  /** Where the next page begins: a text to compare paths with. `undefined` when there is none. */
  readonly next: string | undefined;
  /** What the iteration fails with behind these entries, if it does. */
  readonly failed?: { readonly thrown: unknown } | undefined;
  /** What to note in that an entry is given, when it is. */
  readonly givenTo?: readonly Given[] | undefined;
}

/** The page of somebody who is to know what of it was given. */
export function countedPage(page: EntriesPage, given: Given): EntriesPage {
  return { ...page, givenTo: [...(page.givenTo ?? []), given] };
}
