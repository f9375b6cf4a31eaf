import { HoldfastError, type Capabilities, type Snapshot, type VirtualPath } from '@holdfast/core';
import {
  BaseFilesystem,
  childPrefix,
  compareCodePoints,
  defineCapabilities,
  type CommitRequest,
  type DeleteRequest,
  type ParsedExpectation,
  type PathRange,
  type PutRequest,
} from '@holdfast/core/adapter';
import { mismatch } from './good-memory.ts';

/** What several instances in one process share, and what is there again after closing and opening. */
export const SHARED: Capabilities = defineCapabilities<Capabilities>({
  cas: 'versioned',
  records: true,
  indexed: true,
  contentTypes: true,
  conditionalDelete: true,
  paths: 'prefix',
  durability: 'process-crash',
  sharing: 'process',
  maxBodyBytes: 2 ** 17,
  maxPathBytes: 1024,
  maxCommitChanges: 0,
  maxCommitBytes: 0,
  planes: [],
});

/** The same with commits. */
export const SHARED_COMMITS: Capabilities = defineCapabilities<Capabilities>({
  ...SHARED,
  maxCommitChanges: 40,
  maxCommitBytes: 2 ** 18,
  planes: ['atomic-commit'],
});

/** What plain disk claims: bytes only, in a tree. */
export const BYTES_ONLY: Capabilities = defineCapabilities<Capabilities>({
  ...SHARED,
  cas: 'create-only',
  records: false,
  indexed: false,
  contentTypes: false,
  conditionalDelete: false,
  paths: 'tree',
});

/** What a plain object store claims: it overwrites, and that is all. */
export const OVERWRITE_ONLY: Capabilities = defineCapabilities<Capabilities>({
  ...SHARED,
  cas: 'none',
  records: false,
  indexed: false,
  conditionalDelete: false,
});

/** What a store claims that has versions, but nothing else. */
export const VERSIONS_ONLY: Capabilities = defineCapabilities<Capabilities>({
  ...SHARED,
  records: false,
  indexed: false,
  contentTypes: false,
  conditionalDelete: false,
});

/** What the instances share: entries by path, and their paths in order. */
export class SharedStore {
  readonly entries: Map<string, Snapshot> = new Map();
  #ordered: readonly string[] | undefined;

  get(path: string): Snapshot | undefined {
    return this.entries.get(path);
  }

  set(path: string, entry: Snapshot): void {
    if (!this.entries.has(path)) this.#ordered = undefined;
    this.entries.set(path, entry);
  }

  delete(path: string): boolean {
    this.#ordered = undefined;
    return this.entries.delete(path);
  }

  *range({ from, below }: PathRange): Generator<Snapshot, void, undefined> {
    const paths = (this.#ordered ??= [...this.entries.keys()].toSorted(compareCodePoints));
    let low = 0;
    let high = paths.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareCodePoints(paths[middle] as string, from) < 0) low = middle + 1;
      else high = middle;
    }
    for (const path of paths.slice(low, low + 1001)) {
      if (compareCodePoints(path, below) >= 0) return;
      yield this.entries.get(path) as Snapshot;
    }
  }
}

/** An instance on a store that others may use too. It honours the contract, whatever it is told to claim. */
export class SharedMemory extends BaseFilesystem {
  protected readonly stored: SharedStore;
  readonly #claims: Capabilities;

  constructor(stored: SharedStore = new SharedStore(), claims: Capabilities = SHARED) {
    super();
    this.stored = stored;
    this.#claims = claims;
  }

  protected override _capabilitiesAt(): Capabilities {
    return this.#claims;
  }

  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    const found = this.stored.get(path);
    return found && copy(found);
  }

  protected override async _put({ path, entry, expectation, version }: PutRequest): Promise<void> {
    this.expect(path, expectation);
    if (this.#claims.paths === 'tree') this.#refuseConflicts(path);
    this.stored.set(path, { path, ...entry, version: this.#claims.cas === 'versioned' ? version : undefined });
  }

  protected override async _delete({ path, expectation }: DeleteRequest): Promise<boolean> {
    this.expect(path, expectation);
    return this.stored.delete(path);
  }

  protected override async _commit({ changes }: CommitRequest): Promise<void> {
    const paths = changes.filter(({ path, expectation }) => !this.#holds(path, expectation)).map(({ path }) => path);
    if (paths.length > 0) throw mismatch(paths);
    for (const change of changes) {
      const { path } = change;
      if (change.change === 'put') this.stored.set(path, { path, ...change.entry, version: change.version });
      if (change.change === 'delete') this.stored.delete(path);
    }
  }

  protected override async _scan(range: PathRange, limit: number): Promise<readonly Snapshot[]> {
    return this.stored.range(range).take(limit).map(copy).toArray();
  }

  protected expect(path: VirtualPath, expectation: ParsedExpectation): void {
    if (!this.#holds(path, expectation)) throw mismatch();
  }

  #holds(path: VirtualPath, expectation: ParsedExpectation): boolean {
    if (expectation === 'any') return true;
    const found = this.stored.get(path);
    return expectation === 'absent' ? found === undefined : found?.version === expectation.version;
  }

  #refuseConflicts(path: VirtualPath): void {
    for (const other of this.stored.entries.keys()) {
      if (other.startsWith(childPrefix(path)) || path.startsWith(`${other}/`)) {
        throw new HoldfastError('PATH_CONFLICT', 'an entry stands where a directory is needed, or the reverse');
      }
    }
  }
}

function copy(snapshot: Snapshot): Snapshot {
  return { ...snapshot, body: new Uint8Array(snapshot.body) };
}
