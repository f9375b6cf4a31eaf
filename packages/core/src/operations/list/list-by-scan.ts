import { compareCodePoints } from '../../paths/code-points.ts';
import { childPrefix, rangeAfter, rangeBelow, type PathRange } from '../../paths/path-range.ts';
import type { DirectoryPath, VirtualPath } from '../../paths/virtual-path.ts';
import type { ListRequest } from './list-request.ts';
import { PathsAhead, type Scan } from './paths-ahead.ts';
import type { Child } from '../../filesystem/root-filesystem.ts';

/**
 * Lists direct children with nothing but range scans, skipping what lies below each child.
 *
 * The order of names is not quite the order of paths: `/d/a!b` sorts before `/d/a/x`, but the name `a` sorts
 * before `a!b`. So whenever a scan finds a name, the names it could have jumped over are looked at as well:
 * those are its beginnings that go on with a character below `/`, and only if they are prefixes.
 */
export async function listByScan(scan: Scan, directory: DirectoryPath, request: ListRequest): Promise<Child[]> {
  const listing = new Listing(scan, directory);
  const children: Child[] = [];
  let after = request.after;
  while (children.length < request.limit) {
    const child = await listing.next(after);
    if (child === undefined) break;
    children.push(child);
    after = child.name;
  }
  return children;
}

class Listing {
  readonly #below: PathRange;
  readonly #prefix: string;
  readonly #paths: PathsAhead;

  constructor(scan: Scan, directory: DirectoryPath) {
    this.#below = rangeBelow(directory);
    this.#prefix = childPrefix(directory);
    this.#paths = new PathsAhead(scan, this.#below);
  }

  /** The first child whose name sorts after `after`. */
  async next(after: string | undefined): Promise<Child | undefined> {
    const found = await this.#nextInPathOrder(after);
    if (found === undefined) return undefined;
    const jumpedOver = await this.#jumpedOver(found.name, after);
    const child = jumpedOver ?? { ...found, isPrefix: found.isPrefix || (await this.#isPrefix(found.name)) };
    this.#paths.found(this.#prefix + child.name);
    return child;
  }

  async #jumpedOver(name: string, after: string | undefined): Promise<Child | undefined> {
    for (const shorter of shortenings(name)) {
      const passed = after !== undefined && compareCodePoints(shorter, after) <= 0;
      if (!passed && (await this.#isPrefix(shorter))) return { name: shorter, isEntry: false, isPrefix: true };
    }
    return undefined;
  }

  /** The first child, in the order of paths, whose name sorts after `after`. */
  async #nextInPathOrder(after: string | undefined): Promise<Child | undefined> {
    let range = after === undefined ? this.#below : rangeAfter(this.#below, this.#prefix + after);
    for (;;) {
      const path = await this.#paths.first(range);
      if (path === undefined) return undefined;
      const rest = path.slice(this.#prefix.length);
      const slash = rest.indexOf('/');
      const name = slash === -1 ? rest : rest.slice(0, slash);
      if (after === undefined || compareCodePoints(name, after) > 0) {
        return { name, isEntry: slash === -1, isPrefix: slash !== -1 };
      }
      // Below `after` itself, or below one of its beginnings: go on behind all of that.
      range = { from: this.#rangeOf(name).below, below: range.below };
    }
  }

  #isPrefix(name: string): Promise<boolean> {
    return this.#paths.hasAny(this.#rangeOf(name));
  }

  #rangeOf(name: string): PathRange {
    return rangeBelow((this.#prefix + name) as VirtualPath);
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
