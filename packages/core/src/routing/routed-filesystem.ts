import type {
  Capabilities,
  DeleteExpectationFor,
  EntryFor,
  ExpectationFor,
  VersionAt,
} from '../capabilities/capabilities.ts';
import { CasObserver, type CountAttempts } from '../cas/cas-observer.ts';
import type { CasResult } from '../cas/cas-result.ts';
import type { Snapshot } from '../entries/entry.ts';
import { type HoldfastError, type OperationName } from '../errors/holdfast-error.ts';
import { ownError } from '../errors/own-error.ts';
import { argumentError } from '../filesystem/adapter-error.ts';
import { CallersSteps } from '../filesystem/callers-steps.ts';
import { Closing } from '../filesystem/closing.ts';
import { parseEntriesOptions, parseListOptions } from '../filesystem/list-options.ts';
import { refuseTooLate } from '../filesystem/refuse-too-late.ts';
import type { OperationOptions } from '../filesystem/operation-options.ts';
import { passOnOptions } from '../filesystem/pass-on-options.ts';
import type { Region } from '../filesystem/region.ts';
import type {
  DeleteResult,
  EntriesOptions,
  ListOptions,
  ListPage,
  PutResult,
  RootFilesystem,
} from '../filesystem/root-filesystem.ts';
import { childPrefix } from '../paths/path-range.ts';
import { parseDirectory, parsePath, type DirectoryPath, type VirtualPath } from '../paths/virtual-path.ts';
import { mergeChildren } from './merge-children.ts';
import { mergeEntries } from './merge-entries.ts';
import { relocatedError } from './relocated-error.ts';
import { routeEntries } from './route-entries.ts';
import { routeRegions } from './route-regions.ts';
import type { Permission, Route } from './route.ts';
import type { RouteTable } from './route-table.ts';

/** What a {@link RoutedFilesystem} is made of. */
export interface RoutedFilesystemParts {
  readonly routes: RouteTable;
  /** Whether callers may see, as `cause`, what drivers say about paths that are not theirs. */
  readonly showCauses: boolean;
  /** Releases what is owned; called once, after the operations under way have ended. */
  readonly release: () => Promise<void>;
}

/**
 * One filesystem whose paths lead elsewhere: to mounted filesystems, or to the places that a view is granted. It
 * stores nothing; what it is asked it asks the filesystem in charge, with that one's path, and answers with its own.
 *
 * The directory where a route begins is a directory, like `/`: not an entry, also where the filesystem around it has
 * an entry of that name.
 */
export class RoutedFilesystem<C extends Capabilities = Capabilities> extends CasObserver implements RootFilesystem<C> {
  readonly #routes: RouteTable;
  readonly #showCauses: boolean;
  readonly #closing: Closing;

  constructor({ routes, showCauses, release }: RoutedFilesystemParts) {
    super();
    this.#routes = routes;
    this.#showCauses = showCauses;
    this.#closing = new Closing(release);
  }

  /** @inheritDoc */
  capabilitiesAt(path: string): C {
    const operation = 'capabilitiesAt';
    const target = this.#address(operation, () => parseDirectory(path));
    const route = this.#routes.find(target);
    if (route === undefined) throw notMounted(operation, target);
    try {
      return route.capabilitiesAt(target) as C;
    } catch (thrown) {
      throw this.#relocated(thrown, { operation, path: target, route });
    }
  }

  /** @inheritDoc */
  async get(path: string, options?: OperationOptions): Promise<Snapshot<VersionAt<C>> | undefined> {
    const { route, target } = this.#entry('get', path, 'read');
    const get = () => route.filesystem.get(route.inside(target), options);
    const found = await this.#call({ operation: 'get', path: target, route, options }, get);
    return found && snapshotAt(target, found);
  }

  /** @inheritDoc */
  async put(
    path: string,
    entry: EntryFor<C>,
    expectation: ExpectationFor<C>,
    options?: OperationOptions,
  ): Promise<PutResult<VersionAt<C>>> {
    const { route, target } = this.#entry('put', path, 'write');
    this.#refuseConflict(route, target);
    const put = () => route.filesystem.put(route.inside(target), entry, expectation, options);
    return (await this.#call({ operation: 'put', path: target, route, options }, put)) as PutResult<VersionAt<C>>;
  }

  /** @inheritDoc */
  async delete(path: string, expectation: DeleteExpectationFor<C>, options?: OperationOptions): Promise<DeleteResult> {
    const { route, target } = this.#entry('delete', path, 'delete');
    const remove = () => route.filesystem.delete(route.inside(target), expectation, options);
    return await this.#call({ operation: 'delete', path: target, route, options }, remove);
  }

  /** @inheritDoc */
  async list(directory: string, options?: ListOptions): Promise<ListPage> {
    const { route, target } = this.#directory('list', directory, ['list']);
    const nested = this.#routes.childrenOf(target);
    const serving = route?.reaches(target) === true ? route : undefined;
    if (serving !== undefined && nested.length === 0) return await this.#listInside(serving, target, options);
    const request = this.#checked('list', target, () => parseListOptions(options));
    refuseTooLate('list', target, request);
    const page = serving && (await this.#listInside(serving, target, options));
    return mergeChildren(page, nested, request);
  }

  /** @inheritDoc */
  entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot<VersionAt<C>>, void, undefined> {
    return new CallersSteps(this.#entries(prefix, options));
  }

  async *#entries(
    prefix: string,
    options: EntriesOptions | undefined,
  ): AsyncGenerator<Snapshot<VersionAt<C>>, void, undefined> {
    const operation = 'entries';
    const { target } = this.#directory(operation, prefix, ['read', 'list']);
    // As they are now, for as long as the iteration goes on.
    const own = passOnOptions(options, {});
    const request = this.#checked(operation, target, () => parseEntriesOptions(own));
    refuseTooLate(operation, target, request);
    yield* mergeEntries(this.#routes, target, request.after, (route, directory, from) =>
      this.#entriesOf(route, directory, from, own),
    ) as AsyncGenerator<Snapshot<VersionAt<C>>>;
  }

  /** @inheritDoc */
  close(): Promise<void> {
    return this.#closing.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  protected override _observeCas<R extends CasResult<unknown, unknown>>(
    path: VirtualPath,
    attempts: CountAttempts,
    run: () => Promise<R>,
  ): Promise<R> {
    const route = this.#routes.find(path);
    // Where a route begins is no entry, here or there.
    return route === undefined || route.at === path
      ? run()
      : CasObserver.observe(route.filesystem, route.inside(path), attempts, run);
  }

  /** @internal */
  protected override _regions(): readonly Region[] {
    return this.#routes.all.flatMap((route) => routeRegions(route, this.#routes));
  }

  /** The entries of one route below a directory, with errors as the callers here may see them. */
  async *#entriesOf(
    route: Route,
    directory: DirectoryPath,
    after: VirtualPath | undefined,
    options: EntriesOptions | undefined,
  ): AsyncGenerator<Snapshot, void, undefined> {
    const step = <T>(next: () => Promise<T>): Promise<T> => {
      this.#closing.refuse('entries', directory);
      return this.#closing.track(next());
    };
    try {
      yield* routeEntries({ routes: this.#routes, route, directory, after, options, step });
    } catch (thrown) {
      throw this.#relocated(thrown, { operation: 'entries', path: directory, route, options });
    }
  }

  async #listInside(route: Route, target: DirectoryPath, options: ListOptions | undefined): Promise<ListPage> {
    const inside = route.directoryInside(target);
    const list = () => route.filesystem.list(inside, options);
    const { children, next } = await this.#call({ operation: 'list', path: target, route, options }, list);
    const shown = children.filter(({ name }) => route.shows((childPrefix(inside) + name) as VirtualPath));
    return { children: shown, next };
  }

  /** Finds who serves an entry, and refuses what may not be done with it, before anything is touched. */
  #entry(
    operation: OperationName,
    path: string,
    permission: Permission,
  ): { readonly route: Route; readonly target: VirtualPath } {
    const target = this.#address(operation, () => parsePath(path));
    this.#closing.refuse(operation, target);
    const route = this.#routes.find(target);
    if (route === undefined) throw notMounted(operation, target);
    if (route.at === target) {
      throw ownError('INVALID_PATH', 'something is mounted here: it is a directory, not an entry', {
        operation,
        path: target,
      });
    }
    permit(route, [permission], operation, target);
    return { route, target };
  }

  #directory(
    operation: OperationName,
    path: string,
    permissions: readonly Permission[],
  ): { readonly route: Route | undefined; readonly target: DirectoryPath } {
    const target = this.#address(operation, () => parseDirectory(path));
    this.#closing.refuse(operation, target);
    const route = this.#routes.find(target);
    if (route !== undefined) permit(route, permissions, operation, target);
    else if (!this.#routes.isAbove(target)) throw notMounted(operation, target);
    return { route, target };
  }

  /** On a tree, a directory in which something is mounted cannot be an entry, also if that filesystem knows nothing of it. */
  #refuseConflict(route: Route, target: VirtualPath): void {
    if (!this.#routes.isAbove(target) || !isTree(route, target)) return;
    throw ownError('PATH_CONFLICT', 'something is mounted below: it is a directory, not an entry', {
      operation: 'put',
      path: target,
    });
  }

  async #call<T>(call: Call, start: () => Promise<T>): Promise<T> {
    try {
      return await this.#closing.track(start());
    } catch (thrown) {
      throw this.#relocated(thrown, call);
    }
  }

  #address<T>(operation: OperationName, parse: () => T): T {
    return this.#checked(operation, undefined, parse);
  }

  #checked<T>(operation: OperationName, path: string | undefined, check: () => T): T {
    try {
      return check();
    } catch (thrown) {
      throw argumentError(thrown, operation, path);
    }
  }

  #relocated(thrown: unknown, { operation, path, route, options }: Call): HoldfastError {
    const hidden = this.#showCauses ? undefined : route.to;
    return relocatedError(thrown, { operation, path, hidden, options });
  }
}

/** A call to the filesystem of a route, as the caller here knows it. */
interface Call {
  readonly operation: OperationName;
  readonly path: DirectoryPath;
  readonly route: Route;
  readonly options?: OperationOptions | undefined;
}

/** What is read, and nothing else that a filesystem may have put beside it. */
function snapshotAt<S extends Snapshot>(path: VirtualPath, { body, contentType, kind, indexed, version }: S): S {
  return { path, body, contentType, kind, indexed, version } as S;
}

function permit(
  route: Route,
  permissions: readonly Permission[],
  operation: OperationName,
  target: DirectoryPath,
): void {
  const missing = permissions.find((permission) => !route.permissions.has(permission));
  if (missing === undefined) return;
  throw ownError('ACCESS_DENIED', `the grant at this path does not include "${missing}"`, {
    operation,
    path: target,
  });
}

function isTree(route: Route, target: VirtualPath): boolean {
  try {
    return route.capabilitiesAt(target)?.paths === 'tree';
  } catch {
    // Nothing is there to conflict with; what is wrong the call itself is told.
    return false;
  }
}

function notMounted(operation: OperationName, target: DirectoryPath): HoldfastError {
  return ownError('NOT_MOUNTED', 'nothing is mounted at this path', { operation, path: target });
}
