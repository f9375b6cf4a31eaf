import type { Capabilities, VersionAt } from '../capabilities/capabilities.ts';
import type { Snapshot } from '../entries/entry.ts';
import { adapterError, argumentError } from '../filesystem/adapter-error.ts';
import { unlessCutShort } from '../filesystem/cut-short.ts';
import type { OperationOptions } from '../filesystem/operation-options.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { begin } from '../operations/begin.ts';
import { makeGetMany } from '../operations/get-many/get-many-operation.ts';
import type { Named } from '../operations/named.ts';
import { checkFilesystem } from './check-helper.ts';

const NAMED: Named = { name: 'getMany', path: undefined, changes: false };

/**
 * The entries at several paths, in the order of the paths: in place of one that is missing is `undefined`. A path that is
 * there twice is read twice. Each is read by itself, so that together they are not what was there at one moment.
 *
 * One operation, for layers as well: one permit, one span, one deadline, and tried again as a whole. SQL backends answer it in one
 * round trip, and one more for each 1 MiB of bodies; where a backend has no way to read many, it costs one for each path, up to ten of them
 * at once (`GET_MANY_CONCURRENCY`). In memory is what it answers. In a mount table each filesystem is asked for its own paths, all at once.
 * `timeoutMs` and `signal` are for all of it; without them it has no deadline, as `get` has none.
 *
 * @throws HoldfastError what the first entry that cannot be read fails with, and its path; then none is begun any more.
 * `INVALID_ARGUMENT` for more than `MAX_GET_MANY_PATHS` paths, and `INVALID_PATH`, before anything is read
 */
export async function getMany<C extends Capabilities>(
  filesystem: RootFilesystem<C>,
  paths: readonly string[],
  options?: OperationOptions,
): Promise<(Snapshot<VersionAt<C>> | undefined)[]> {
  try {
    checkFilesystem(filesystem);
  } catch (thrown) {
    throw argumentError(thrown, NAMED);
  }
  const operation = makeGetMany(paths, options);
  try {
    return (await begin(filesystem, operation)) as (Snapshot<VersionAt<C>> | undefined)[];
  } catch (thrown) {
    // A stranger's layer may throw anything.
    throw adapterError(unlessCutShort(thrown, operation), operation);
  }
}
