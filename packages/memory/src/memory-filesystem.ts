import { HoldfastError, type Entry, type Snapshot, type Version, type VirtualPath } from '@holdfast/core';
import {
  BaseFilesystem,
  type CommitRequest,
  type DeleteRequest,
  type OperationContext,
  type ParsedExpectation,
  type PathRange,
  type PutRequest,
  type ScanContext,
} from '@holdfast/core/adapter';
import type { MemoryCapabilities } from './capabilities.ts';
import { SortedMap } from './sorted-map.ts';

/**
 * Entries in this process's memory, gone when it ends or the filesystem is closed. Bodies are copied in and
 * out. Every operation takes effect at once and in the order of the calls.
 */
export class MemoryFilesystem extends BaseFilesystem<MemoryCapabilities> {
  readonly #capabilities: MemoryCapabilities;
  #entries: SortedMap<Snapshot> = new SortedMap();

  /** Use `openMemory`, which checks its options. */
  constructor(capabilities: MemoryCapabilities) {
    super();
    this.#capabilities = capabilities;
  }

  protected override _capabilitiesAt(): MemoryCapabilities {
    return this.#capabilities;
  }

  protected override async _get(path: VirtualPath, context?: OperationContext): Promise<Snapshot | undefined> {
    const stored = this.#entries.get(path);
    // What is stored is replaced as a whole, and none of it is ever changed.
    return context?.borrows || stored === undefined ? stored : copyOut(stored);
  }

  protected override async _getMany(paths: readonly VirtualPath[]): Promise<readonly (Snapshot | undefined)[]> {
    return paths.map((path) => {
      const stored = this.#entries.get(path);
      return stored && copyOut(stored);
    });
  }

  // The check and the change are one synchronous step, which is all the atomicity a single thread needs.
  protected override async _put({ path, entry, expectation, version }: PutRequest): Promise<void> {
    this.#expect(path, expectation);
    // The base class has made this copy of the body; nobody else holds it.
    this.#entries.set(path, snapshotOf(path, version, entry));
  }

  protected override async _delete({ path, expectation }: DeleteRequest): Promise<boolean> {
    this.#expect(path, expectation);
    return this.#entries.delete(path);
  }

  // As one put: everything is checked, then everything is changed, and nothing comes between.
  protected override async _commit({ changes }: CommitRequest): Promise<void> {
    const paths = changes.filter((each) => !this.#holds(each.path, each.expectation)).map(({ path }) => path);
    if (paths.length > 0) throw mismatch(paths);
    for (const change of changes) {
      const { path } = change;
      if (change.change === 'put') this.#entries.set(path, snapshotOf(path, change.version, change.entry));
      if (change.change === 'delete') this.#entries.delete(path);
    }
  }

  protected override async _scan(
    range: PathRange,
    limit: number,
    { maxBytes, bodies }: ScanContext,
  ): Promise<readonly Snapshot[]> {
    const page: Snapshot[] = [];
    let bytes = 0;
    for (const stored of this.#entries.range(range.from, range.below)) {
      page.push(bodies ? copyOut(stored) : { ...stored, body: NO_BODY });
      if (bodies) bytes += stored.body.byteLength;
      if (page.length === limit || bytes >= maxBytes) break;
    }
    return page;
  }

  protected override _mostPageBytes(): number {
    return Infinity;
  }

  protected override async _close(): Promise<void> {
    this.#entries = new SortedMap();
  }

  #expect(path: VirtualPath, expectation: ParsedExpectation): void {
    if (!this.#holds(path, expectation)) throw mismatch();
  }

  #holds(path: VirtualPath, expectation: ParsedExpectation): boolean {
    if (expectation === 'any') return true;
    const stored = this.#entries.get(path);
    return expectation === 'absent' ? stored === undefined : stored?.version === expectation.version;
  }
}

function mismatch(paths?: readonly VirtualPath[]): HoldfastError {
  return new HoldfastError('VERSION_MISMATCH', 'an expectation does not hold', { paths });
}

/** In place of those that nobody looks at. */
const NO_BODY = new Uint8Array();

function snapshotOf(path: VirtualPath, version: Version, { body, contentType, kind, indexed }: Entry): Snapshot {
  return { path, version, body, contentType, kind, indexed };
}

function copyOut(stored: Snapshot): Snapshot {
  return { ...stored, body: new Uint8Array(stored.body) };
}
