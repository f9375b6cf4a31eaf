import type { Snapshot } from '../entries/entry.ts';
import { compareCodePoints } from '../paths/code-points.ts';
import { childPrefix } from '../paths/path-range.ts';
import type { DirectoryPath, VirtualPath } from '../paths/virtual-path.ts';
import type { Route } from './route.ts';
import type { RouteTable } from './route-table.ts';

/** Gives the entries that are a route's own below a directory, at their places, in order and behind `after`. */
export type EntriesOf = (
  route: Route,
  directory: DirectoryPath,
  after: VirtualPath | undefined,
) => AsyncIterable<Snapshot>;

/**
 * The entries below a directory in code point order: those of the route it belongs to, and in their places those of
 * the routes that begin below it, at whatever depth. Routes that may not be read and listed give none of their own.
 */
export async function* mergeEntries(
  routes: RouteTable,
  directory: DirectoryPath,
  after: VirtualPath | undefined,
  entriesOf: EntriesOf,
): AsyncGenerator<Snapshot, void, undefined> {
  const here = routes.find(directory);
  const nested = routes.nextBelow(directory).filter(({ at }) => !isPast(at, after));
  if (here !== undefined && mayIterate(here) && !isPast(directory, after)) {
    for await (const snapshot of entriesOf(here, directory, after)) {
      while (nested[0] !== undefined && compareCodePoints(childPrefix(nested[0].at), snapshot.path) < 0) {
        yield* mergeEntries(routes, (nested.shift() as Route).at, after, entriesOf);
      }
      yield snapshot;
    }
  }
  for (const { at } of nested) yield* mergeEntries(routes, at, after, entriesOf);
}

function mayIterate({ permissions }: Route): boolean {
  return permissions.has('read') && permissions.has('list');
}

/** Whether everything below a directory sorts before `after`. */
function isPast(directory: DirectoryPath, after: VirtualPath | undefined): boolean {
  if (after === undefined || after.startsWith(childPrefix(directory))) return false;
  return compareCodePoints(childPrefix(directory), after) < 0;
}
