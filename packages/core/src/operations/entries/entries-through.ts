import type { Snapshot } from '../../entries/entry.ts';
import { isHoldfastError, type HoldfastError } from '../../errors/holdfast-error.ts';
import { ownError } from '../../errors/own-error.ts';
import { compareCodePoints } from '../../paths/code-points.ts';
import { behind, childPrefix } from '../../paths/path-range.ts';
import type { VirtualPath } from '../../paths/virtual-path.ts';
import type { Route } from '../../routing/route.ts';
import type { Routing } from '../../routing/routing.ts';
import type { Series } from '../series.ts';
import type { EntriesPage } from './entries-page.ts';
import type { EntriesOperation } from './entries.ts';
import { Leftover } from './leftover.ts';
import { stretchAt, type Stretch } from './stretch.ts';

/**
 * A page of the entries below a directory of a table, in code point order: those of the route it belongs to, and in
 * their places those of the routes that begin below it, at whatever depth. It has entries of one route, up to where the
 * next begins. Routes that may not be read and listed give none of their own.
 *
 * What lies below a deeper route is hidden by that, and passed over: at the first sign of it the page ends, and the next
 * one begins behind it, which costs a round trip for each route that hides anything.
 */
export async function entriesThrough(operation: EntriesOperation, routing: Routing): Promise<EntriesPage> {
  routing.routeOf(operation);
  let position: string | undefined = operation.args.from;
  while (position !== undefined) {
    // Where nothing is asked of a backend, nobody else says so.
    const tooLate = operation.exhausted();
    if (tooLate !== undefined) throw tooLate;
    const stretch = stretchAt(routing.routes, operation.args.path, position);
    if (stretch === undefined) break;
    const { route, directory, until } = stretch;
    const isSeen = route !== undefined && mayIterate(route) && route.reaches(directory);
    const page = isSeen ? await pageOf(operation, routing, { ...stretch, route }) : { entries: [], next: until };
    if (page.entries.length > 0 || page.failed !== undefined) return page;
    position = page.next;
  }
  return { entries: [], next: undefined };
}

/** A stretch of a route that may be iterated. */
type SeenStretch = Stretch & { readonly route: Route };

/** What a route has of its own at the beginning of a stretch; if that is nothing, where to go on. */
async function pageOf(operation: EntriesOperation, routing: Routing, stretch: SeenStretch): Promise<EntriesPage> {
  const { route, directory } = stretch;
  const part = operation.with({ ...operation.args, path: directory });
  const errorHere = (thrown: unknown): HoldfastError => routing.errorOf(thrown, part, route);
  const series = (operation.call.series as Series).part(route, errorHere);
  const leftover = series.keep(Leftover, () => new Leftover());
  const from = route.inside(stretch.from as VirtualPath);
  const inside = { ...part.args, path: route.directoryInside(directory), from };
  try {
    const page = leftover.take(from) ?? (await routing.pass(route, part.with(inside, part.call.ofSeries(series))));
    const { rest, ...own } = ownEntries(page, stretch, routing);
    leftover.put({ ...page, entries: rest });
    return own.failed === undefined ? own : { ...own, failed: { thrown: errorHere(own.failed.thrown) } };
  } catch (thrown) {
    // What is hidden may be such that it cannot be read.
    const next = pastHidden(thrown, stretch, stretch.from);
    if (next === undefined) throw errorHere(thrown);
    return { entries: [], next };
  }
}

/** Of a page of the route, what the stretch has, with the paths here; and what is left of it. */
function ownEntries(
  page: EntriesPage,
  stretch: SeenStretch,
  { routes }: Routing,
): EntriesPage & { readonly rest: readonly Snapshot[] } {
  const { route, directory, from, until } = stretch;
  const inside = childPrefix(route.directoryInside(directory));
  const { givenTo } = page;
  const entries: Snapshot[] = [];
  for (const [index, found] of page.entries.entries()) {
    if (!found.path.startsWith(inside)) {
      return { entries, next: undefined, failed: { thrown: ownError('CORRUPT', ELSEWHERE) }, givenTo, rest: [] };
    }
    const path = route.outside(found.path);
    if (compareCodePoints(path, until) >= 0) return { entries, next: until, givenTo, rest: page.entries.slice(index) };
    const isOwn = routes.find(path) === route && route.shows(found.path);
    if (isOwn && compareCodePoints(path, from) >= 0) entries.push({ ...found, path });
  }
  if (page.failed !== undefined) {
    const last = page.entries.at(-1)?.path;
    const past = pastHidden(page.failed.thrown, stretch, last === undefined ? from : route.outside(last));
    if (past === undefined) return { entries, next: undefined, failed: page.failed, givenTo, rest: [] };
    return { entries, next: past, givenTo, rest: [] };
  }
  const next = page.next === undefined ? until : route.outside(page.next as VirtualPath);
  return { entries, next: compareCodePoints(next, until) >= 0 ? until : next, givenTo, rest: [] };
}

/**
 * Where to go on after an error of the route at something that the stretch does not have; `undefined` when it has it.
 *
 * @param position how far the stretch is known
 */
function pastHidden(thrown: unknown, { route, directory, until }: SeenStretch, position: string): string | undefined {
  const { path } = isHoldfastError(thrown) ? thrown : {};
  if (path?.startsWith(childPrefix(route.directoryInside(directory))) !== true) return undefined;
  const at = route.outside(path as VirtualPath);
  if (compareCodePoints(at, until) >= 0) return until;
  if (compareCodePoints(childPrefix(at), until) < 0) return undefined;
  // It is where the next route begins, and so is no entry, or all that is below it, which others may come before.
  return compareCodePoints(position, at) > 0 ? until : behind(at);
}

function mayIterate({ permissions }: Route): boolean {
  return permissions.has('read') && permissions.has('list');
}

const ELSEWHERE = 'the filesystem answered with an entry from elsewhere';
