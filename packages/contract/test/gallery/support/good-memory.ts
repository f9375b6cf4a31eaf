import { HoldfastError, type Snapshot } from '@holdfast/core';
import type { PathRange, ScanContext } from '@holdfast/core/adapter';
import { MemoryFilesystem, openMemory, type MemoryCapabilities } from '@holdfast/memory';

const EVERYTHING: ScanContext = {
  signal: new AbortController().signal,
  remainingMs: () => Infinity,
  maxBytes: Infinity,
  bodies: true,
  series: undefined,
};

// Small, so that the largest body costs little.
const ALL = openMemory({ maxBodyBytes: 2 ** 17 }).capabilitiesAt('/');

// Commits are a store of their own, so that what is broken elsewhere is not caught by all that is asked of them.
const CLAIMS = { ...ALL, maxCommitChanges: 0, maxCommitBytes: 0, planes: [] as never };

/** The claims of one that has commits, as small as scenarios of them allow. */
export const COMMITTING: MemoryCapabilities = { ...ALL, maxCommitChanges: 40, maxCommitBytes: 2 ** 18 };

/** A memory filesystem that honours the contract; what is broken extends it. */
export class GoodMemory extends MemoryFilesystem {
  constructor(claims: MemoryCapabilities = CLAIMS) {
    super(claims);
  }

  static {
    // So that what is broken about `_get` is so for all that reads.
    Object.defineProperty(this.prototype, '_getMany', { value: undefined, writable: true, configurable: true });
  }

  /** Also without a context, for one that scans for itself. */
  protected override _scan(
    range: PathRange,
    limit: number,
    context: ScanContext = EVERYTHING,
  ): Promise<readonly Snapshot[]> {
    return super._scan(range, limit, context);
  }
}

/** A memory filesystem that honours the contract. */
export function openGood(): GoodMemory {
  return new GoodMemory();
}

/** The refusal of an expectation that does not hold; of a commit it names the paths. */
export function mismatch(paths?: readonly string[]): HoldfastError {
  return new HoldfastError('VERSION_MISMATCH', 'the expectation does not hold', { paths });
}

/** Lets everything else that is ready run first. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
