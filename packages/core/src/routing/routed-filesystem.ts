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
import { HoldfastError, type OperationName } from '../errors/holdfast-error.ts';
import { argumentError } from '../filesystem/adapter-error.ts';
import { Closing } from '../filesystem/closing.ts';
import { parseEntriesOptions, parseListOptions } from '../filesystem/list-options.ts';
import { observedEntries } from '../filesystem/observed-entries.ts';
import { Patience } from '../filesystem/operation-context.ts';
import type { OperationOptions } from '../filesystem/operation-options.ts';
import { passOnOptions } from '../filesystem/pass-on-options.ts';
import type {
  DeleteResult,
  EntriesOptions,
  ListOptions,
  ListPage,
  PutResult,
  RootFilesystem,
} from '../filesystem/root-filesystem.ts';
import { compareCodePoints } from '../paths/code-points.ts';
import { childPrefix } from '../paths/path-range.ts';
import { parseDirectory, parsePath, type DirectoryPath, type VirtualPath } from '../paths/virtual-path.ts';
import { mergeChildren } from './merge-children.ts';
import { mergeEntries } from './merge-entries.ts';
import { relocatedError } from './relocated-error.ts';
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
      throw this.#relocated(thrown, operation, target);
    }
  }

  /** @inheritDoc */
  async get(path: string, options?: OperationOptions): Promise<Snapshot<VersionAt<C>> | undefined> {
    const { route, target } = this.#entry('get', path, 'read');
    const found = await this.#call('get', target, options, () => route.filesystem.get(route.inside(target), options));
    return found && { ...found, path: target };
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
    return (await this.#call('put', target, options, put)) as PutResult<VersionAt<C>>;
  }

  /** @inheritDoc */
  async delete(path: string, expectation: DeleteExpectationFor<C>, options?: OperationOptions): Promise<DeleteResult> {
    const { route, target } = this.#entry('delete', path, 'delete');
    const remove = () => route.filesystem.delete(route.inside(target), expectation, options);
    return this.#call('delete', target, options, remove);
  }

  /** @inheritDoc */
  async list(directory: string, options?: ListOptions): Promise<ListPage> {
    const { route, target } = this.#directory('list', directory, ['list']);
    const nested = this.#routes.childrenOf(target);
    const serving = route?.reaches(target) === true ? route : undefined;
    if (serving !== undefined && nested.length === 0) return this.#listInside(serving, target, options);
    const request = this.#checked('list', target, () => parseListOptions(options));
    const patience = new Patience('list', target, request);
    const tooLate = patience.exhausted();
    if (tooLate !== undefined) throw tooLate;
    const page = serving && (await this.#listInside(serving, target, options));
    return mergeChildren(page, nested, request);
  }

  /** @inheritDoc */
  async *entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot<VersionAt<C>>, void, undefined> {
    const operation = 'entries';
    const { target } = this.#directory(operation, prefix, ['read', 'list']);
    // As they are now, for as long as the iteration goes on.
    const own = passOnOptions(options, {});
    const { after } = this.#checked(operation, target, () => parseEntriesOptions(own));
    yield* mergeEntries(this.#routes, target, after, (route, directory, from) =>
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
    return route === undefined ? run() : CasObserver.observe(route.filesystem, route.inside(path), attempts, run);
  }

  /** The entries of one route below a directory, as that filesystem gives them. */
  async *#entriesOf(
    route: Route,
    directory: DirectoryPath,
    after: VirtualPath | undefined,
    options: EntriesOptions | undefined,
  ): AsyncGenerator<Snapshot, void, undefined> {
    if (!route.reaches(directory)) return;
    const inside = route.directoryInside(directory);
    const cursor = after?.startsWith(childPrefix(directory)) === true ? route.cursorInside(after) : undefined;
    const next = passOnOptions(options, { after: cursor });
    let inner: AsyncIterator<Snapshot, undefined> | undefined;
    try {
      inner = observedEntries(route.filesystem, inside, next);
      for (;;) {
        this.#closing.refuse('entries', directory);
        const { done, value } = await this.#closing.track(inner.next());
        if (done === true) return;
        if (!value.path.startsWith(childPrefix(inside))) throw new HoldfastError('CORRUPT', ELSEWHERE);
        const path = route.outside(value.path);
        // The cursor there may have been an earlier one.
        if (after === undefined || compareCodePoints(path, after) > 0) yield { ...value, path };
      }
    } catch (thrown) {
      throw this.#relocated(thrown, 'entries', directory, options);
    } finally {
      await inner?.return?.();
    }
  }

  #listInside(route: Route, target: DirectoryPath, options: ListOptions | undefined): Promise<ListPage> {
    return this.#call('list', target, options, () => route.filesystem.list(route.directoryInside(target), options));
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
      throw new HoldfastError('INVALID_PATH', 'something is mounted here: it is a directory, not an entry', {
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
    throw new HoldfastError('PATH_CONFLICT', 'something is mounted below: it is a directory, not an entry', {
      operation: 'put',
      path: target,
    });
  }

  async #call<T>(
    operation: OperationName,
    target: DirectoryPath,
    options: OperationOptions | undefined,
    start: () => Promise<T>,
  ): Promise<T> {
    try {
      return await this.#closing.track(start());
    } catch (thrown) {
      throw this.#relocated(thrown, operation, target, options);
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

  #relocated(thrown: unknown, operation: OperationName, path: string, options?: OperationOptions): HoldfastError {
    return relocatedError(thrown, { operation, path, showCause: this.#showCauses, options });
  }
}

const ELSEWHERE = 'the filesystem answered with an entry from elsewhere';

function permit(
  route: Route,
  permissions: readonly Permission[],
  operation: OperationName,
  target: DirectoryPath,
): void {
  const missing = permissions.find((permission) => !route.permissions.has(permission));
  if (missing === undefined) return;
  throw new HoldfastError('ACCESS_DENIED', `the grant at this path does not include "${missing}"`, {
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
  return new HoldfastError('NOT_MOUNTED', 'nothing is mounted at this path', { operation, path: target });
}
