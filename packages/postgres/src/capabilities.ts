import type { VersionedCapabilities } from '@holdfast/core';
import { defineCapabilities } from '@holdfast/core/adapter';
import { commitLimits } from '@holdfast/sql';

/** What PostgreSQL promises at every path. Durability depends on how the server is set up. */
export interface PostgresCapabilities extends VersionedCapabilities {
  readonly paths: 'prefix';
  /** `process-crash` on a server that answers a commit before it is on disk, or may tear pages. */
  readonly durability: 'process-crash' | 'power-loss';
  readonly sharing: 'network';
  readonly planes: readonly ['atomic-commit'];
}

/** The capabilities of one opened database. */
export function postgresCapabilities(
  durability: PostgresCapabilities['durability'],
  maxBodyBytes: number,
): PostgresCapabilities {
  return defineCapabilities({
    cas: 'versioned',
    records: true,
    indexed: true,
    contentTypes: true,
    conditionalDelete: true,
    paths: 'prefix',
    durability,
    sharing: 'network',
    maxBodyBytes,
    ...commitLimits(maxBodyBytes),
    planes: ['atomic-commit'],
  });
}
