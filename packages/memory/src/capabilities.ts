import type { VersionedCapabilities } from '@holdfast/core';
import { defineCapabilities } from '@holdfast/core/adapter';

/** What the memory adapter promises, at every path. */
export interface MemoryCapabilities extends VersionedCapabilities {
  readonly paths: 'prefix';
  readonly durability: 'none';
  readonly sharing: 'instance';
}

/**
 * The longest body by default, in bytes: 16 MiB, the same as on the SQL adapters, so that what passes a test
 * on memory fits the real thing.
 */
export const DEFAULT_MAX_BODY_BYTES: number = 16 * 1024 * 1024;

/** The highest limit there can be, in bytes: the same as on local disk, and more than fits a test. */
export const HIGHEST_MAX_BODY_BYTES: number = 2 ** 31 - 1;

/** The capabilities for a given body limit. */
export function memoryCapabilities(maxBodyBytes: number): MemoryCapabilities {
  return defineCapabilities({
    cas: 'versioned',
    records: true,
    indexed: true,
    contentTypes: true,
    conditionalDelete: true,
    paths: 'prefix',
    durability: 'none',
    sharing: 'instance',
    maxBodyBytes,
    planes: [],
  });
}
