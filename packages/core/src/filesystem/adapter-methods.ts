import type { Capabilities } from '../capabilities/capabilities.ts';
import type { Snapshot } from '../entries/entry.ts';
import { Performer } from '../operations/performer.ts';
import type { ListRequest } from '../operations/list/list-request.ts';
import type { PathRange } from '../paths/path-range.ts';
import type { DirectoryPath, VirtualPath } from '../paths/virtual-path.ts';
import type { OperationContext } from './operation-context.ts';
import type { CommitRequest } from '../operations/commit/commit-request.ts';
import type { DeleteRequest } from '../operations/delete/delete-request.ts';
import type { PutRequest } from '../operations/put/put-request.ts';
import type { Child } from './root-filesystem.ts';
import type { ScanContext } from './scan-context.ts';

/** An adapter, as operations see it. */
export interface Adapter {
  _capabilitiesAt(path: DirectoryPath): Capabilities;
  _get(path: VirtualPath, context: OperationContext): Promise<Snapshot | undefined>;
  _getMany?(paths: readonly VirtualPath[], context: OperationContext): Promise<readonly (Snapshot | undefined)[]>;
  _put(request: PutRequest, context: OperationContext): Promise<void>;
  _delete(request: DeleteRequest, context: OperationContext): Promise<boolean>;
  _commit?(request: CommitRequest, context: OperationContext): Promise<void>;
  _list(directory: DirectoryPath, request: ListRequest, context: OperationContext): Promise<readonly Child[]>;
  _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]>;
  _mostPageBytes(): number | undefined;
}

/** The methods below those that read and write: what an adapter brings. They see only checked arguments. */
export abstract class AdapterMethods<C extends Capabilities = Capabilities> extends Performer<C> {
  /** The entry at a path, its body owned by the caller, or `undefined`. */
  protected abstract _get(path: VirtualPath, context: OperationContext): Promise<Snapshot | undefined>;

  /**
   * The entries at several paths: as many answers as there are paths, each in the place of its path, and `undefined` where
   * there is none. A path may be there twice, and each answer has a body of its own. They need not be of one moment, and what
   * fails for one of them names its `path`. Optional, for a backend that reads many faster than each by itself: left out,
   * `_get` is called for each, ten of them at a time.
   */
  protected _getMany?(
    paths: readonly VirtualPath[],
    context: OperationContext,
  ): Promise<readonly (Snapshot | undefined)[]>;

  /**
   * Checks the expectation and writes the entry with the minted version, atomically. Throws
   * `VERSION_MISMATCH` when the expectation does not hold. May be called again with the same request.
   */
  protected abstract _put(request: PutRequest, context: OperationContext): Promise<void>;

  /**
   * Checks the expectation and deletes the entry, atomically; answers whether there was one. Throws
   * `VERSION_MISMATCH` when `{ version }` does not hold, also when nothing is there.
   */
  protected abstract _delete(request: DeleteRequest, context: OperationContext): Promise<boolean>;

  /**
   * Makes all changes of a commit or none, at one point in time at which every expectation holds, those of checks and of
   * absence included. Throws `VERSION_MISMATCH` when one does not, with `paths`: all whose expectation does not hold, in
   * the order of the changes. May be called again with the same request. What one call of `_scan` or `_list` answers shows
   * all of a commit or nothing. An adapter that has it claims the plane `atomic-commit`; one that does not is never asked.
   */
  protected _commit?(request: CommitRequest, context: OperationContext): Promise<void>;

  /**
   * The first `limit` entries of a range, in code point order of their paths (`compareCodePoints`, not JavaScript's
   * own `<`). Fewer than `limit` means that there are no more, unless their bodies are `context.maxBytes` or more.
   */
  protected abstract _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]>;

  /**
   * The highest `maxBytes` that `_scan` can make use of; `Infinity` when it heeds any. By default `undefined`: it is not
   * relied upon to. Then it is asked for no more entries than have room in `maxBytes` when each is `maxBodyBytes` long,
   * and for one at least: pages that are safe, and small where bodies could be large but are not.
   */
  protected _mostPageBytes(): number | undefined {
    return undefined;
  }

  /** Releases what the adapter owns. Called once, after the operations under way have ended. */
  protected override _close(): Promise<void> {
    return Promise.resolve();
  }
}
