import type { Child, DirectoryPath, OperationName, Snapshot, VirtualPath } from '@holdfast/core';
import {
  BaseFilesystem,
  type Clock,
  type DeleteRequest,
  type ListRequest,
  type OperationContext,
  type PathRange,
  type PutRequest,
  type ScanContext,
  type StorePlace,
} from '@holdfast/core/adapter';
import type { Disk } from './disk.ts';
import { withDiskErrors } from './errors.ts';
import { localDiskCapabilities, type LocalDiskCapabilities } from './capabilities.ts';
import { refuseReserved } from './names/temp-name.ts';
import { getEntry } from './read/get-entry.ts';
import { listChildren } from './read/list-children.ts';
import { scanEntries } from './read/scan-entries.ts';
import { deleteEntry } from './write/delete-entry.ts';
import { MAX_UNDER_WAY, Turns } from './turns.ts';
import { putEntry } from './write/put-entry.ts';

/**
 * A directory of the local disk as a filesystem of opaque files. Made by `openLocalDisk`.
 *
 * It promises what {@link LocalDiskCapabilities} say: a body is there whole or not at all, whatever crashes;
 * what was acknowledged survives a power loss; several processes of the host may use the directory at once;
 * and no path leaves the root. It refuses records, indexed projections, content types and versions.
 */
export class LocalDiskFilesystem extends BaseFilesystem<LocalDiskCapabilities> {
  readonly #disk: Disk;
  readonly #turns: Turns;
  readonly #capabilities: LocalDiskCapabilities;

  /** @internal */
  constructor(disk: Disk, time?: Clock) {
    super();
    this.#disk = disk;
    this.#turns = new Turns(MAX_UNDER_WAY, time);
    this.#capabilities = localDiskCapabilities(disk.maxBodyBytes);
  }

  /**
   * How paths are kept inside the root here. `descriptor` (Linux): by the open directory, which nobody can
   * redirect. `path-checks` (elsewhere, without `/proc`, or where Node's permission model leaves it out): by
   * checks before and after each call, between which somebody who may rename directories below the root can redirect one.
   * Chosen when it is opened, and never for a failure that may pass.
   */
  get containment(): 'descriptor' | 'path-checks' {
    return this.#disk.tree.containment;
  }

  protected override _capabilitiesAt(): LocalDiskCapabilities {
    return this.#capabilities;
  }

  /** A directory of the one disk that all instances are on, so that a root within a root is known as one. */
  protected override _place(): StorePlace {
    return { store: 'local-disk', directory: this.#disk.tree.root as DirectoryPath };
  }

  protected override _get(path: VirtualPath, context: OperationContext): Promise<Snapshot | undefined> {
    return this.#run('get', path, context, (watched) => getEntry(this.#disk, path, watched));
  }

  protected override _put(request: PutRequest, context: OperationContext): Promise<void> {
    return this.#run('put', request.path, context, (watched) => putEntry(this.#disk, request, watched));
  }

  protected override _delete({ path }: DeleteRequest, context: OperationContext): Promise<boolean> {
    return this.#run('delete', path, context, (watched) => deleteEntry(this.#disk, path, watched));
  }

  protected override _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    const { maxBytes, bodies, series } = context;
    const scan = (watched: OperationContext): Promise<readonly Snapshot[]> =>
      scanEntries(this.#disk, range, limit, { ...watched, maxBytes, bodies, series });
    return withDiskErrors(() => this.#turns.take(context, `entries ${range.from} ${range.below}`, scan));
  }

  protected override _mostPageBytes(): number {
    return Infinity;
  }

  protected override _list(
    directory: DirectoryPath,
    request: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    return this.#run('list', directory, context, (watched) => listChildren(this.#disk, directory, request, watched));
  }

  protected override _close(): Promise<void> {
    return this.#disk.tree.close();
  }

  async #run<T>(
    operation: OperationName,
    path: DirectoryPath,
    context: OperationContext,
    work: (watched: OperationContext) => Promise<T>,
  ): Promise<T> {
    refuseReserved(path);
    return await withDiskErrors(() => this.#turns.take(context, `${operation} ${path}`, work));
  }
}
