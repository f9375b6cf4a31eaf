import { HoldfastError, type Snapshot } from '@holdfast/core';
import type { PathRange, ScanContext } from '@holdfast/core/adapter';
import { MemoryFilesystem, openMemory, type MemoryCapabilities } from '@holdfast/memory';

const EVERYTHING: ScanContext = {
  signal: new AbortController().signal,
  remainingMs: () => Infinity,
  maxBytes: Infinity,
  bodies: true,
};

// Small, so that the largest body costs little.
const CLAIMS = openMemory({ maxBodyBytes: 2 ** 17 }).capabilitiesAt('/');

/** A memory filesystem that honours the contract; what is broken extends it. */
export class GoodMemory extends MemoryFilesystem {
  constructor(claims: MemoryCapabilities = CLAIMS) {
    super(claims);
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

/** The refusal of an expectation that does not hold. */
export function mismatch(): HoldfastError {
  return new HoldfastError('VERSION_MISMATCH', 'the expectation does not hold');
}

/** Lets everything else that is ready run first. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
