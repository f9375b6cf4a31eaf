import type { VersionedCapabilities } from '@holdfast/core';
import { defineCapabilities } from '@holdfast/core/adapter';

/** What libSQL promises at every path. Durability and sharing depend on where the database is. */
export interface LibsqlCapabilities extends VersionedCapabilities {
  readonly paths: 'prefix';
  /** `power-loss` for a file with a write-ahead log; `process-crash` on a server; `none` in memory. */
  readonly durability: 'none' | 'process-crash' | 'power-loss';
  /** `network` on a server; `process` for a file: not several processes, see the README; `instance` in memory. */
  readonly sharing: 'instance' | 'process' | 'network';
}

/** The part of the capabilities that depends on the database. */
export type LibsqlPromises = Pick<LibsqlCapabilities, 'durability' | 'sharing'>;

/** What a server promises: it writes a commit to its files before it answers, but does not sync them. */
export const SERVER_PROMISES: LibsqlPromises = Object.freeze({ durability: 'process-crash', sharing: 'network' });

/** The capabilities of one opened database. */
export function libsqlCapabilities(promises: LibsqlPromises, maxBodyBytes: number): LibsqlCapabilities {
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
    planes: [],
  });
}
