import type { Snapshot } from '../../entries/entry.ts';
import type { VirtualPath } from '../../paths/virtual-path.ts';
import type { EntriesPage } from './entries-page.ts';

/** The same page with each entry as `open` makes it, up to the first that it refuses. */
export function openedPage(
  page: EntriesPage,
  _args: unknown,
  open: <S extends Snapshot>(path: VirtualPath, stored: S) => S,
): EntriesPage {
  const entries: Snapshot[] = [];
  for (const stored of page.entries) {
    try {
      entries.push(open(stored.path, stored));
    } catch (thrown) {
      return { ...page, entries, next: undefined, failed: { thrown } };
    }
  }
  return { ...page, entries };
}
