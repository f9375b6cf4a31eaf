import { HoldfastError } from '@holdfast/core';
import { MemoryFilesystem, openMemory, type MemoryCapabilities } from '@holdfast/memory';

// Small, so that the largest body costs little.
const CLAIMS = openMemory({ maxBodyBytes: 2 ** 17 }).capabilitiesAt('/');

/** A memory filesystem that honours the contract; what is broken extends it. */
export class GoodMemory extends MemoryFilesystem {
  constructor(claims: MemoryCapabilities = CLAIMS) {
    super(claims);
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
