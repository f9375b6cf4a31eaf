import type { Snapshot } from '../entries/entry.ts';
import { isHoldfastError } from '../errors/holdfast-error.ts';
import { ownError } from '../errors/own-error.ts';
import { observedEntries } from '../filesystem/observed-entries.ts';
import { passOnOptions } from '../filesystem/pass-on-options.ts';
import type { EntriesOptions } from '../filesystem/root-filesystem.ts';
import { compareCodePoints, utf8Length } from '../paths/code-points.ts';
import { childPrefix } from '../paths/path-range.ts';
import { MAX_PATH_BYTES, type DirectoryPath, type VirtualPath } from '../paths/virtual-path.ts';
import type { Route } from './route.ts';
import type { RouteTable } from './route-table.ts';

/** Which entries of a route, and how to ask for them. */
export interface RouteEntriesRequest {
  readonly routes: RouteTable;
  readonly route: Route;
  readonly directory: DirectoryPath;
  readonly after: VirtualPath | undefined;
  readonly options: EntriesOptions | undefined;
  /** Makes one step of an iteration of the filesystem of the route. */
  readonly step: (next: () => Promise<Step>) => Promise<Step>;
}

type Step = IteratorResult<Snapshot, undefined>;

/**
 * The entries of one route below a directory, at their places here, as the filesystem of that route gives them and with
 * its errors. What lies below a deeper route is hidden by that, and passed over: at the first sign of it the iteration
 * goes on behind it, which costs a round trip for each route that hides anything.
 */
export async function* routeEntries(request: RouteEntriesRequest): AsyncGenerator<Snapshot, void, undefined> {
  const { routes, route, directory, after } = request;
  if (!route.reaches(directory)) return;
  const reading = new Reading(request);
  try {
    for (let found = await reading.next(); found !== undefined; found = await reading.next()) {
      const path = route.outside(found.path);
      if (routes.find(path) !== route || !route.shows(found.path)) continue;
      // The cursor there may have been an earlier one.
      if (after === undefined || compareCodePoints(path, after) > 0) yield { ...found, path };
    }
  } finally {
    await reading.end();
  }
}

/** One iteration after the other of the same filesystem, each behind what the one before it came upon. */
class Reading {
  readonly #request: RouteEntriesRequest;
  readonly #inside: string;
  readonly #passed = new Set<Route>();
  #cursor: VirtualPath | undefined;
  #inner: AsyncIterator<Snapshot, undefined> | undefined;

  constructor(request: RouteEntriesRequest) {
    const { route, directory, after } = request;
    this.#request = request;
    this.#inside = childPrefix(route.directoryInside(directory));
    if (after?.startsWith(childPrefix(directory)) === true) this.#cursor = route.cursorInside(after);
  }

  /** The next entry that was not passed over, with its path there; `undefined` at the end. */
  async next(): Promise<Snapshot | undefined> {
    for (;;) {
      let found: Snapshot | undefined;
      try {
        found = await this.#step();
      } catch (thrown) {
        // What has failed has ended.
        this.#inner = undefined;
        // What is hidden may be such that it cannot be read.
        if (isHoldfastError(thrown) && (await this.#passedOver(thrown.path))) continue;
        throw thrown;
      }
      if (found === undefined) return undefined;
      if (!found.path.startsWith(this.#inside)) throw ownError('CORRUPT', ELSEWHERE);
      if (!(await this.#passedOver(found.path))) return found;
    }
  }

  /** Ends the iteration there. */
  async end(): Promise<void> {
    const inner = this.#inner;
    this.#inner = undefined;
    await inner?.return?.();
  }

  async #step(): Promise<Snapshot | undefined> {
    const { route, directory, options, step } = this.#request;
    const result = await step(() => {
      const next = passOnOptions(options, { after: this.#cursor });
      this.#inner ??= observedEntries(route.filesystem, route.directoryInside(directory), next);
      return this.#inner.next();
    });
    return result.done === true ? undefined : result.value;
  }

  /** Whether a path is hidden and the iteration now goes on behind the directory that hides it. Once for each. */
  async #passedOver(path: string | undefined): Promise<boolean> {
    const { routes, route } = this.#request;
    if (path?.startsWith(this.#inside) !== true) return false;
    const here = route.outside(path as VirtualPath);
    const hiding = routes.hides(here, route);
    // Between a directory's own name and what is below it, others have their place.
    if (hiding === undefined || this.#passed.has(hiding) || !here.startsWith(childPrefix(hiding.at))) return false;
    this.#passed.add(hiding);
    const last = route.inside(`${childPrefix(hiding.at)}${GREATEST}` as VirtualPath);
    if (utf8Length(last) > MAX_PATH_BYTES) return false;
    await this.end();
    this.#cursor = last;
    return true;
  }
}

// What a name that sorts after all others begins with.
const GREATEST = '\u{10ffff}';

const ELSEWHERE = 'the filesystem answered with an entry from elsewhere';
