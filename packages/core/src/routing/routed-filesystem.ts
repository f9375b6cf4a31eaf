import type { Capabilities } from '../capabilities/capabilities.ts';
import { argumentError } from '../filesystem/adapter-error.ts';
import type { Region } from '../filesystem/region.ts';
import type { Operation } from '../operations/operation.ts';
import { parseDirectory, type DirectoryPath } from '../paths/virtual-path.ts';
import { UpdateObserver, type Update, type UpdateResult } from '../updates/update-observer.ts';
import { routeRegions } from './route-regions.ts';
import type { RouteTable } from './route-table.ts';
import { Routing } from './routing.ts';

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
export class RoutedFilesystem<C extends Capabilities = Capabilities> extends UpdateObserver<C> {
  readonly #routing: Routing;
  readonly #release: () => Promise<void>;

  constructor({ routes, showCauses, release }: RoutedFilesystemParts) {
    super();
    this.#routing = new Routing(routes, showCauses);
    this.#release = release;
  }

  /** @inheritDoc */
  override capabilitiesAt(path: string): C {
    const named = { name: 'capabilitiesAt', path: undefined, changes: false } as const;
    let target: DirectoryPath;
    try {
      target = parseDirectory(path);
    } catch (thrown) {
      throw argumentError(thrown, named);
    }
    return this.#routing.capabilitiesAt(target) as C;
  }

  /** @internal */
  protected override _perform<R>(operation: Operation<R>): Promise<R> {
    this._enter(operation);
    const { through } = operation.kind;
    return through === undefined ? this.#routing.lead(operation) : through(operation, this.#routing);
  }

  protected override _close(): Promise<void> {
    return this.#release();
  }

  /** @internal A transaction is told to what is below if all routes lead there: which paths it will have nobody knows. */
  protected override _observeUpdate<R extends UpdateResult>(update: Update, run: () => Promise<R>): Promise<R> {
    const { routes } = this.#routing;
    const { path } = update;
    if (path === undefined) {
      const [only, ...others] = new Set(routes.all.map(({ filesystem }) => filesystem));
      return only === undefined || others.length > 0 ? run() : UpdateObserver.observe(only, update, run);
    }
    const route = routes.find(path);
    // Where a route begins is no entry, here or there.
    if (route === undefined || route.at === path) return run();
    return UpdateObserver.observe(route.filesystem, { ...update, path: route.inside(path) }, run);
  }

  /** @internal */
  protected override _regions(): readonly Region[] {
    const { routes } = this.#routing;
    return routes.all.flatMap((route) => routeRegions(route, routes));
  }
}
