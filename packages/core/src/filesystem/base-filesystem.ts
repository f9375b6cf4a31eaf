import { AdaptedCapabilities } from '../capabilities/adapted-capabilities.ts';
import type { Capabilities } from '../capabilities/capabilities.ts';
import type { ListRequest } from '../operations/list/list-request.ts';
import { listByScan } from '../operations/list/list-by-scan.ts';
import { MAX_PAGE_BYTES } from '../operations/page-limits.ts';
import type { Operation } from '../operations/operation.ts';
import { planesThrough } from '../operations/planes-through.ts';
import type { PathRange } from '../paths/path-range.ts';
import { parseDirectory, type DirectoryPath } from '../paths/virtual-path.ts';
import { argumentError } from './adapter-error.ts';
import { AdapterMethods, type Adapter } from './adapter-methods.ts';
import { Backend } from './backend.ts';
import type { OperationContext } from './operation-context.ts';
import type { Child } from './root-filesystem.ts';

/**
 * The class every adapter extends. Its public methods validate, gate, bound and resolve; the protected ones,
 * whose names start with `_`, are the adapter's and see only checked arguments on supported paths.
 *
 * An adapter throws {@link HoldfastError}s without operation and path; the base class adds them. An error of
 * `_put` or `_delete` with outcome `'unknown'` is resolved by reading back. What is no HoldfastError becomes
 * `BACKEND_FAILED` with an unknown outcome.
 */
export abstract class BaseFilesystem<C extends Capabilities = Capabilities> extends AdapterMethods<C> {
  readonly #capabilities = new AdaptedCapabilities<C>();
  readonly #backend = new Backend(this as unknown as Adapter, this._closing);

  /** What the backend promises at a path. Synchronous, without side effects, never "maybe". */
  protected abstract _capabilitiesAt(path: DirectoryPath): C;

  /**
   * The first `limit` direct children of a directory whose names sort after `after`. By default a few scans without
   * `context.bodies` that read some entries ahead, one more for each child that has many below it, and one for each
   * proper beginning of a name that goes on with a character below `/`. Override it where the backend can do better.
   */
  protected _list(
    directory: DirectoryPath,
    request: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    const needs = { maxBytes: MAX_PAGE_BYTES, bodies: false, series: undefined };
    const scan = (range: PathRange, limit: number) => {
      context.signal.throwIfAborted();
      return this.#backend.scan(directory, { range, limit }, needs, context);
    };
    return listByScan(scan, directory, request);
  }

  /** @inheritDoc */
  override capabilitiesAt(path: string): C {
    const named = { name: 'capabilitiesAt', path: undefined, changes: false } as const;
    let directory: DirectoryPath;
    try {
      directory = parseDirectory(path);
    } catch (thrown) {
      throw argumentError(thrown, named);
    }
    const claimed = this.#backend.claims(named, directory) as C;
    if (typeof claimed !== 'object' || claimed === null) return claimed;
    const changes = planesThrough(this, claimed);
    return changes === undefined ? claimed : this.#capabilities.of(claimed, changes);
  }

  /** @internal */
  protected override _perform<R>(operation: Operation<R>): Promise<R> {
    return operation.kind.perform(operation, this.#backend);
  }

  /** @internal */
  protected override _begin<R>(operation: Operation<R>): Promise<R> {
    return operation.call.hasEnd ? super._begin(operation) : this._perform(operation);
  }

  /** @internal */
  protected override _endsInTime(): boolean {
    return true;
  }

  /** @internal Its pages are whole. */
  protected override _givesNoMore(): boolean {
    return false;
  }
}
