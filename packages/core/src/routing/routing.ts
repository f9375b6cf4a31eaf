import type { Capabilities } from '../capabilities/capabilities.ts';
import { isHoldfastError, type HoldfastError } from '../errors/holdfast-error.ts';
import { errorOf } from '../operations/named.ts';
import type { Operation } from '../operations/operation.ts';
import type { Rename, Touch } from '../operations/operation-kind.ts';
import { restated } from '../errors/restated.ts';
import { passOn } from '../operations/pass-on.ts';
import type { DirectoryPath } from '../paths/virtual-path.ts';
import { relocatedError } from './relocated-error.ts';
import type { Route } from './route.ts';
import type { RouteTable } from './route-table.ts';

/** Finds the way of operations through a table of routes, and makes what comes back on it what callers there may see. */
export class Routing {
  readonly routes: RouteTable;
  readonly #showCauses: boolean;
  /** For several paths, of which the one that is wrong is named. */
  readonly #rename: Rename = (path) => {
    try {
      return (this.routes.find(path) as Route).rename(path);
    } catch (thrown) {
      throw isHoldfastError(thrown) ? restated(thrown, { path }) : thrown;
    }
  };

  /** @param showCauses whether callers may see, as `cause`, what drivers say about paths that are not theirs */
  constructor(routes: RouteTable, showCauses: boolean) {
    this.routes = routes;
    this.#showCauses = showCauses;
  }

  /**
   * The route that an operation goes, which has to be one, and only one if it has several paths. `undefined` for a
   * directory in which routes begin, and nothing else is.
   *
   * @throws HoldfastError `NOT_MOUNTED`, `ACCESS_DENIED`, `INVALID_PATH`, `PATH_CONFLICT`, `UNSUPPORTED`
   */
  routeOf(operation: Operation): Route | undefined {
    return this.#routeAlong(operation.kind.touches(operation.args), operation);
  }

  /**
   * The route to a path that an operation has to do with, if it may do there what it has to. `undefined` for a directory in which
   * routes begin, and nothing else is.
   *
   * @throws HoldfastError `NOT_MOUNTED`, `ACCESS_DENIED`, `INVALID_PATH`, `PATH_CONFLICT`
   */
  routeTo({ path, permissions, isDirectory = false }: Touch, operation: Operation): Route | undefined {
    const route = this.routes.find(path);
    if (route === undefined) {
      if (isDirectory && this.routes.isAbove(path)) return undefined;
      throw errorOf(operation, 'NOT_MOUNTED', NOTHING, { path });
    }
    if (route.at === path && !isDirectory) {
      throw errorOf(operation, 'INVALID_PATH', 'something is mounted here: it is a directory, not an entry', { path });
    }
    for (const permission of permissions) {
      if (route.permissions.has(permission)) continue;
      throw errorOf(operation, 'ACCESS_DENIED', `the grant at this path does not include "${permission}"`, { path });
    }
    if (permissions.includes('write')) this.#refuseConflict(route, path, operation);
    return route;
  }

  /** Has the filesystem do an operation that its paths lead to. */
  async lead<R>(operation: Operation<R>): Promise<R> {
    const { kind, args } = operation;
    const touches = kind.touches(args);
    const route = this.#routeAlong(touches, operation);
    // One that is malformed, and so are its paths, or the directory is there for the routes in it only.
    if (route === undefined) throw operation.refusal ?? errorOf(operation, 'NOT_MOUNTED', NOTHING);
    let inner: Operation<R> | undefined;
    try {
      inner = operation.with(kind.renamed(args, touches.length === 1 ? route.rename : this.#rename));
      const answer = await this.pass(route, inner);
      return kind.answered === undefined ? answer : kind.answered(answer, args);
    } catch (thrown) {
      // It is the caller's own, and has the caller's paths.
      if (thrown === operation.refusal) throw thrown;
      // What is malformed goes no way that is too long.
      if (inner === undefined && operation.refusal !== undefined) throw operation.refusal;
      throw this.errorOf(thrown, operation, route, inner);
    }
  }

  /** Has the filesystem of a route do an operation. What it fails with is for {@link errorOf}. */
  pass<R>(route: Route, inner: Operation<R>): Promise<R> {
    return passOn(route.filesystem, inner);
  }

  /** The error of an operation that went a route, as `inner`, and failed there with this. */
  errorOf(thrown: unknown, operation: Operation, route: Route, inner: Operation = operation): HoldfastError {
    const touches = operation.kind.touches(operation.args);
    const { name, changes, path } = operation;
    const { kind, args } = inner;
    const here = pathsHere(kind.touches(args), touches);
    const named = { name, changes, path: touches.length < 2 ? path : (here(pathOf(thrown)) ?? path) };
    const hidden =
      touches.length < 2 ? route.to : touches.map((touch) => this.routes.find(touch.path)?.to ?? '').join('');
    const { callerSignal: signal } = operation.call.patience;
    return relocatedError(thrown, { named, here, hidden: this.#showCauses ? undefined : hidden, signal });
  }

  /**
   * What the filesystem in charge promises at a directory.
   *
   * @throws HoldfastError `NOT_MOUNTED`, or what that filesystem fails with
   */
  capabilitiesAt(path: DirectoryPath): Capabilities {
    const operation = { name: 'capabilitiesAt', path, changes: false } as const;
    const route = this.routes.find(path);
    if (route === undefined) throw errorOf(operation, 'NOT_MOUNTED', NOTHING);
    try {
      return route.capabilitiesAt(path);
    } catch (thrown) {
      throw relocatedError(thrown, { named: operation, hidden: this.#showCauses ? undefined : route.to });
    }
  }

  #routeAlong(touches: readonly Touch[], operation: Operation): Route | undefined {
    const first = touches[0];
    const route = first && this.routeTo(first, operation);
    for (let index = 1; index < touches.length; index += 1) {
      const touch = touches[index] as Touch;
      const { filesystem } = this.routeTo(touch, operation) ?? {};
      if (filesystem !== route?.filesystem) throw errorOf(operation, 'UNSUPPORTED', APART, { path: touch.path });
    }
    return route;
  }

  /** On a tree, a directory in which something is mounted cannot be an entry, also if that filesystem knows nothing of it. */
  #refuseConflict(route: Route, path: DirectoryPath, operation: Operation): void {
    if (!this.routes.isAbove(path) || !isTree(route, path)) return;
    throw errorOf(operation, 'PATH_CONFLICT', 'something is mounted below: it is a directory, not an entry', { path });
  }
}

/** What paths that an operation touches there are here; others are none. */
function pathsHere(there: readonly Touch[], here: readonly Touch[]): (path: string | undefined) => string | undefined {
  let names: Map<string | undefined, string | undefined> | undefined;
  return (path) => {
    names ??= new Map(there.map((touch, index) => [touch.path, here[index]?.path]));
    return names.get(path);
  };
}

function pathOf(thrown: unknown): string | undefined {
  return isHoldfastError(thrown) ? thrown.path : undefined;
}

function isTree(route: Route, path: DirectoryPath): boolean {
  try {
    return route.capabilitiesAt(path)?.paths === 'tree';
  } catch {
    // Nothing is there to conflict with; what is wrong the call itself is told.
    return false;
  }
}

const NOTHING = 'nothing is mounted at this path';
const APART = 'this path leads to another filesystem than the first one';
