import { compareCodePoints } from '../../paths/code-points.ts';
import type { EntriesPage } from './entries-page.ts';

/**
 * What the last page of a route had behind the place where another route begins, kept until it is that one's turn again;
 * and that nothing came after it, if nothing did.
 */
export class Leftover {
  #page: EntriesPage | undefined;

  put(page: EntriesPage): void {
    this.#page = page;
  }

  /** The page at a position, as it is in the filesystem of the route, if that is known. */
  take(from: string): EntriesPage | undefined {
    const page = this.#page;
    this.#page = undefined;
    if (page === undefined) return undefined;
    const entries = page.entries.filter(({ path }) => compareCodePoints(path, from) >= 0);
    const hasEnded = page.next === undefined && page.failed === undefined;
    return entries.length > 0 || hasEnded ? { ...page, entries } : undefined;
  }
}
