import type { VersionedCapabilities } from '@holdfast/core';
import { defineCapabilities } from '@holdfast/core/adapter';

/** What the memory adapter promises, at every path. */
export interface MemoryCapabilities extends VersionedCapabilities {
  readonly paths: 'prefix';
  readonly durability: 'none';
  readonly sharing: 'instance';
  readonly planes: readonly ['atomic-commit'];
}

/**
 * The longest body by default, in bytes: 16 MiB, the same as on the SQL adapters, so that what passes a test
 * on memory fits the real thing.
 */
export const DEFAULT_MAX_BODY_BYTES: number = 16 * 1024 * 1024;

/** The highest limit there can be, in bytes: the same as on local disk, and more than fits a test. */
export const HIGHEST_MAX_BODY_BYTES: number = 2 ** 31 - 1;

/** The most changes of one commit: as many as the entries of one page. */
export const MAX_COMMIT_CHANGES = 1000;

/** The most bytes of all bodies of one commit, in bytes: 16 MiB, the same as on the SQL adapters. */
export const MAX_COMMIT_BYTES: number = 16 * 1024 * 1024;

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
    maxCommitChanges: MAX_COMMIT_CHANGES,
    // The longest body can be put in a commit too.
    maxCommitBytes: Math.max(MAX_COMMIT_BYTES, maxBodyBytes),
    planes: ['atomic-commit'],
  });
}
