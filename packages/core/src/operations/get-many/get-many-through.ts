import type { Snapshot } from '../../entries/entry.ts';
import type { RootFilesystem } from '../../filesystem/root-filesystem.ts';
import type { VirtualPath } from '../../paths/virtual-path.ts';
import type { Route } from '../../routing/route.ts';
import type { Routing } from '../../routing/routing.ts';
import { snapshotAt } from '../get/snapshot-at.ts';
import { argumentsOf, type Found, type GetManyArguments, type GetManyOperation } from './get-many-arguments.ts';
import { readAt } from './read-at.ts';

/** What of a `getMany` one filesystem is asked. */
interface Part {
  /** A route that leads there. */
  readonly route: Route;
  readonly places: number[];
  readonly here: VirtualPath[];
  readonly inside: VirtualPath[];
}

/**
 * The entries at several paths of a table: each filesystem that paths lead to is asked for all of its own, at once with the
 * others. Nothing is asked unless every path may be read.
 */
export async function getManyThrough(operation: GetManyOperation, routing: Routing): Promise<Found> {
  const parts = partsOf(operation, routing);
  const [only] = parts;
  // Where nothing is asked of a backend, nobody else says so.
  const tooLate = only === undefined ? operation.exhausted() : undefined;
  if (tooLate !== undefined) throw tooLate;
  const found = operation.args.paths.map((): Snapshot | undefined => undefined);
  if (only !== undefined && parts.length === 1) {
    await askPart(operation, routing, only, operation.args, found);
    return found;
  }
  let failed = false;
  const isOver = (): boolean => failed || operation.args.isOver();
  try {
    await Promise.all(
      parts.map((part) => askPart(operation, routing, part, argumentsOf(part.here, { isOver }), found)),
    );
  } finally {
    failed = true;
  }
  return found;
}

/** The paths by where they lead. */
function partsOf(operation: GetManyOperation, routing: Routing): Part[] {
  const parts = new Map<RootFilesystem, Part>();
  const { paths } = operation.args;
  for (let place = 0; place < paths.length; place += 1) {
    const path = paths[place] as VirtualPath;
    const route = routing.routeTo(readAt(path), operation) as Route;
    let part = parts.get(route.filesystem);
    if (part === undefined) parts.set(route.filesystem, (part = { route, places: [], here: [], inside: [] }));
    part.places.push(place);
    part.here.push(path);
    part.inside.push(insideOf(path, route, operation, routing));
  }
  return [...parts.values()];
}

function insideOf(path: VirtualPath, route: Route, operation: GetManyOperation, routing: Routing): VirtualPath {
  try {
    return route.rename(path);
  } catch (thrown) {
    throw routing.errorOf(thrown, operation.with(argumentsOf([path])), route);
  }
}

/** Has a filesystem do its part, and puts what it answers in the places. */
async function askPart(
  operation: GetManyOperation,
  routing: Routing,
  { route, places, inside }: Part,
  args: GetManyArguments,
  found: (Snapshot | undefined)[],
): Promise<void> {
  const part = operation.with(args);
  const inner = operation.with(argumentsOf(inside, args));
  try {
    const answer = await routing.pass(route, inner);
    for (let index = 0; index < places.length; index += 1) {
      const each = answer[index];
      if (each !== undefined) found[places[index] as number] = snapshotAt(args.paths[index] as VirtualPath, each);
    }
  } catch (thrown) {
    throw routing.errorOf(thrown, part, route, inner);
  }
}
