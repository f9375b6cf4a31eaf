import { HoldfastError } from '../errors/holdfast-error.ts';
import { compareCodePoints } from '../paths/code-points.ts';
import { parentOf } from '../paths/path-parts.ts';
import { childPrefix } from '../paths/path-range.ts';
import type { DirectoryPath, VirtualPath } from '../paths/virtual-path.ts';
import type { Route } from './route.ts';

/** A child of a directory in which routes begin. */
export interface RouteChild {
  readonly name: string;
  /** Whether a route begins right there, and not only below. */
  readonly isRoute: boolean;
}

/** Routes by where they begin. */
export class RouteTable {
  readonly #byDirectory: ReadonlyMap<DirectoryPath, Route>;
  /** In code point order of what is below them. */
  readonly #inOrder: readonly Route[];

  /** The route at the root, if there is no other. */
  readonly #only: Route | undefined;

  /** Every directory in which, at whatever depth, a route begins. */
  readonly #above = new Set<DirectoryPath>();

  /**
   * @throws HoldfastError `INVALID_ARGUMENT` when two are at the same directory
   */
  static of(routes: readonly Route[]): RouteTable {
    const seen = new Set<DirectoryPath>();
    for (const { at } of routes) {
      if (seen.has(at)) throw new HoldfastError('INVALID_ARGUMENT', `two are at the same directory: ${at}`);
      seen.add(at);
    }
    return new RouteTable(routes);
  }

  private constructor(routes: readonly Route[]) {
    this.#byDirectory = new Map(routes.map((route) => [route.at, route]));
    this.#only = routes.length === 1 ? this.#byDirectory.get('/') : undefined;
    this.#inOrder = routes.toSorted((one, other) => compareCodePoints(childPrefix(one.at), childPrefix(other.at)));
    for (const { at } of routes) {
      for (let directory = at; directory !== '/';) this.#above.add((directory = parentOf(directory)));
    }
  }

  /** All of them, in code point order of what is below them. */
  get all(): readonly Route[] {
    return this.#inOrder;
  }

  /** The route at a directory or, if there is none, at the closest one that it lies in. */
  find(directory: DirectoryPath): Route | undefined {
    if (this.#only !== undefined && directory.startsWith('/')) return this.#only;
    for (let at = directory; ; at = parentOf(at as VirtualPath)) {
      const route = this.#byDirectory.get(at);
      // What is no path has no parent either, and must not be looked for forever.
      if (route !== undefined || at.length <= 1) return route;
    }
  }

  /** Whether a route begins below a directory. */
  isAbove(directory: DirectoryPath): boolean {
    return this.#above.has(directory);
  }

  /** The routes below a directory, itself not included, in code point order of what is below them. */
  below(directory: DirectoryPath): readonly Route[] {
    if (!this.isAbove(directory)) return [];
    const prefix = childPrefix(directory);
    return this.#inOrder.filter(({ at }) => at !== directory && at.startsWith(prefix));
  }

  /** Of the routes below a directory, those that no other of them lies around. */
  nextBelow(directory: DirectoryPath): readonly Route[] {
    const here = this.find(directory);
    return this.below(directory).filter(({ at }) => this.find(parentOf(at as VirtualPath)) === here);
  }

  /** The children of a directory in which routes begin, each once and in code point order. */
  childrenOf(directory: DirectoryPath): readonly RouteChild[] {
    const prefix = childPrefix(directory);
    const names = this.below(directory).map(({ at }) => at.slice(prefix.length).split('/', 1)[0] as string);
    return [...new Set(names)]
      .toSorted(compareCodePoints)
      .map((name) => ({ name, isRoute: this.#byDirectory.has((prefix + name) as VirtualPath) }));
  }
}
