import type { Snapshot } from '../../entries/entry.ts';
import { behind } from '../../paths/path-range.ts';
import { eventLoopShare } from '../../timing/event-loop-share.ts';
import { Series } from '../series.ts';
import { makeEntries, pageFrom, type EntriesOperation } from './entries.ts';
import type { EntriesPage, Given } from './entries-page.ts';

/** Where the pages of an iteration come from. */
export interface Pages {
  fetch(page: EntriesOperation): Promise<EntriesPage>;
  /** Whether what is left of a page is given no more, since the filesystem was closed. */
  isOver(): boolean;
}

/** Every entry below a directory, fetched page by page while it is iterated. */
export async function* iterate<S extends Snapshot>(
  pages: Pages,
  prefix: unknown,
  options: unknown,
): AsyncGenerator<S, void, undefined> {
  const series = new Series();
  let failed = true;
  try {
    let operation: EntriesOperation | undefined = makeEntries(prefix, options, series);
    while (operation !== undefined) {
      const page = toGive(await pages.fetch(operation));
      let { next, failed: ends } = page;
      // Let go of one by one: a page that was given is not to be kept in memory beside the next.
      for (let entry = page.left.pop(); entry !== undefined; entry = page.left.pop()) {
        for (const given of page.givenTo) given.entries += 1;
        failed = false;
        yield entry as S;
        failed = true;
        // Also whoever takes its time with each entry has the whole page at once.
        const turn = eventLoopShare.due({ reads: false });
        if (turn !== undefined) await turn;
        if (pages.isOver()) {
          page.left.length = 0;
          ends = undefined;
          // Which is refused.
          next = behind(entry.path);
        }
      }
      if (ends !== undefined) throw failedWith(ends, page.givenTo);
      operation = next === undefined ? undefined : pageFrom(operation, next);
    }
    failed = false;
  } finally {
    const ended = series.end();
    // What goes wrong at the end takes the place of no other error.
    await (failed ? ended.catch(() => {}) : ended);
  }
}

/** What is left of a page: the first entry comes last. */
interface PageToGive {
  readonly left: Snapshot[];
  readonly next: string | undefined;
  readonly failed: { readonly thrown: unknown } | undefined;
  readonly givenTo: readonly Given[];
}

/** The same page for one who lets go of each entry that was given. */
function toGive({ entries, next, failed, givenTo = [] }: EntriesPage): PageToGive {
  return { left: entries.toReversed(), next, failed, givenTo };
}

function failedWith(failed: { readonly thrown: unknown }, givenTo: readonly Given[]): unknown {
  for (const given of givenTo) given.failed = failed;
  return failed.thrown;
}
