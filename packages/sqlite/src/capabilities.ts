import type { VersionedCapabilities } from '@holdfast/core';
import { defineCapabilities } from '@holdfast/core/adapter';
import { commitLimits } from '@holdfast/sql';

/** What SQLite promises at every path. Durability and sharing depend on the database. */
export interface SqliteCapabilities extends VersionedCapabilities {
  readonly paths: 'prefix';
  /** `power-loss` for a file that this package opened; `none` in memory. */
  readonly durability: 'none' | 'process-crash' | 'power-loss';
  /** `host` for a file: any process of this machine. Not `network`: see the README on network file systems. */
  readonly sharing: 'instance' | 'host';
  readonly planes: readonly ['atomic-commit'];
}

/** The part of the capabilities that depends on the database. */
export type SqlitePromises = Pick<SqliteCapabilities, 'durability' | 'sharing'>;

/** The capabilities of one opened database. */
export function sqliteCapabilities(promises: SqlitePromises, maxBodyBytes: number): SqliteCapabilities {
  return defineCapabilities({
    cas: 'versioned',
    records: true,
    indexed: true,
    contentTypes: true,
    conditionalDelete: true,
    paths: 'prefix',
    durability: promises.durability,
    sharing: promises.sharing,
    maxBodyBytes,
    ...commitLimits(maxBodyBytes),
    planes: ['atomic-commit'],
  });
}
