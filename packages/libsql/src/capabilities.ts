import type { VersionedCapabilities } from '@holdfast/core';
import { defineCapabilities } from '@holdfast/core/adapter';
import { commitLimits } from '@holdfast/sql';

/** What libSQL promises at every path. Durability and sharing depend on where the database is. */
export interface LibsqlCapabilities extends VersionedCapabilities {
  readonly paths: 'prefix';
  /** `power-loss` for a file with a write-ahead log; `process-crash` on a server; `none` in memory. */
  readonly durability: 'none' | 'process-crash' | 'power-loss';
  /** `network` on a server; `process` for a file: not several processes, see the README; `instance` in memory. */
  readonly sharing: 'instance' | 'process' | 'network';
  readonly planes: readonly ['atomic-commit'];
}

/** The part of the capabilities that depends on the database. */
export type LibsqlPromises = Pick<LibsqlCapabilities, 'durability' | 'sharing'>;

/**
 * The most bytes of all bodies of one commit on a server, in bytes: 8 MiB. As base64 they leave a third of a message over a
 * WebSocket for everything else.
 */
const MAX_SERVER_COMMIT_BYTES: number = 8 * 1024 * 1024;

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
    ...commitLimits(maxBodyBytes, promises.sharing === 'network' ? MAX_SERVER_COMMIT_BYTES : undefined),
    planes: ['atomic-commit'],
  });
}
