import type { Snapshot } from '../entries/entry.ts';
import { compareCodePoints } from '../paths/code-points.ts';
import { childPrefix, rangeAfter, rangeBelow, type PathRange } from '../paths/path-range.ts';
import type { DirectoryPath, VirtualPath } from '../paths/virtual-path.ts';
import type { ListRequest } from './list-options.ts';
import type { Child } from './root-filesystem.ts';

type Scan = (range: PathRange, limit: number) => Promise<readonly Snapshot[]>;

/**
 * Lists direct children with nothing but range scans, skipping what lies below each child.
 *
 * The order of names is not quite the order of paths: `/d/a!b` sorts before `/d/a/x`, but the name `a` sorts
 * before `a!b`. So whenever a scan finds a name, the names it could have jumped over are looked at as well:
 * those are its beginnings that go on with a character below `/`, and only if they are prefixes.
 */
export async function listByScan(scan: Scan, directory: DirectoryPath, request: ListRequest): Promise<Child[]> {
  const prefix = childPrefix(directory);
  const children: Child[] = [];
  let after = request.after;
  while (children.length < request.limit) {
    const child = await nextChild(scan, directory, prefix, after);
    if (child === undefined) break;
    children.push(child);
    after = child.name;
  }
  return children;
}

async function nextChild(
  scan: Scan,
  directory: DirectoryPath,
  prefix: string,
  after: string | undefined,
): Promise<Child | undefined> {
  const found = await nextInPathOrder(scan, rangeBelow(directory), prefix, after);
  if (found === undefined) return undefined;
  for (const name of shortenings(found.name)) {
    const passed = after !== undefined && compareCodePoints(name, after) <= 0;
    if (!passed && (await isPrefix(scan, prefix + name))) return { name, isEntry: false, isPrefix: true };
  }
  return { ...found, isPrefix: found.isPrefix || (await isPrefix(scan, prefix + found.name)) };
}

/** The first child, in the order of paths, whose name sorts after `after`. */
async function nextInPathOrder(
  scan: Scan,
  below: PathRange,
  prefix: string,
  after: string | undefined,
): Promise<Child | undefined> {
  let range = after === undefined ? below : rangeAfter(below, prefix + after);
  for (;;) {
    const [entry] = await scan(range, 1);
    if (entry === undefined) return undefined;
    const rest = entry.path.slice(prefix.length);
    const slash = rest.indexOf('/');
    const name = slash === -1 ? rest : rest.slice(0, slash);
    if (after === undefined || compareCodePoints(name, after) > 0) {
      return { name, isEntry: slash === -1, isPrefix: slash !== -1 };
    }
    // Below `after` itself, or below one of its beginnings: go on behind all of that.
    range = { from: rangeBelow((prefix + name) as VirtualPath).below, below: below.below };
  }
}

/** The proper beginnings of a name that go on with a character below `/`, shortest first. */
function shortenings(name: string): string[] {
  const shorter: string[] = [];
  for (let length = 1; length < name.length; length += 1) {
    if (name.charCodeAt(length) < 0x2f) shorter.push(name.slice(0, length));
  }
  return shorter;
}

async function isPrefix(scan: Scan, path: string): Promise<boolean> {
  const [entry] = await scan(rangeBelow(path as VirtualPath), 1);
  return entry !== undefined;
}
