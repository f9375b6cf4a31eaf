import type { Capabilities, VersionAt } from '../capabilities/capabilities.ts';
import type { Snapshot } from '../entries/entry.ts';
import { HoldfastError, isHoldfastError } from '../errors/holdfast-error.ts';
import { readArray } from '../filesystem/check-options.ts';
import type { OperationOptions } from '../filesystem/operation-options.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { parsePath, type VirtualPath } from '../paths/virtual-path.ts';
import { checkFilesystem, readHelperOptions } from './check-helper.ts';
import { HelperCall } from './helper-call.ts';

/** The most paths of one {@link getMany}: as many as entries of one page. */
export const MAX_GET_MANY_PATHS = 1000;

/** How many reads of one {@link getMany} are under way at once: as many as a PostgreSQL pool has connections by default. */
export const GET_MANY_CONCURRENCY = 10;

/**
 * The entries at several paths, in the order of the paths: in place of one that is missing is `undefined`. A path that is
 * there twice is read twice. Each is read by itself, so that together they are not what was there at one moment.
 *
 * One round trip for each path, up to {@link GET_MANY_CONCURRENCY} of them at once; in memory is what it answers.
 * `timeoutMs` and `signal` are for all of it; without them it has no deadline, as `get` has none.
 *
 * @throws HoldfastError what the first `get` that fails rejects with, and its path; then none is begun any more.
 * `INVALID_ARGUMENT` for more than {@link MAX_GET_MANY_PATHS} paths, and `INVALID_PATH`, before anything is read
 */
export async function getMany<C extends Capabilities>(
  filesystem: RootFilesystem<C>,
  paths: readonly string[],
  options?: OperationOptions,
): Promise<(Snapshot<VersionAt<C>> | undefined)[]> {
  const { targets, limits } = HelperCall.checked('getMany', undefined, () => {
    checkFilesystem(filesystem);
    return { targets: parsePaths(paths), limits: readHelperOptions(options) };
  });
  using call = new HelperCall('getMany', undefined, limits);
  const found = targets.map((): Snapshot<VersionAt<C>> | undefined => undefined);
  const left = targets.entries();
  let failed = false;

  async function readOn(): Promise<void> {
    // Each takes from the same iterator, so that nobody waits for the slowest of a batch.
    for (const [index, path] of left) {
      if (failed) return;
      found[index] = await call.get(filesystem, path);
    }
  }

  const readers = Array.from({ length: Math.min(GET_MANY_CONCURRENCY, targets.length) }, readOn);
  try {
    await Promise.all(readers);
  } finally {
    failed = true;
  }
  return found;
}

function parsePaths(paths: unknown): VirtualPath[] {
  const given = readArray('paths', paths);
  if (given.length > MAX_GET_MANY_PATHS) {
    throw new HoldfastError('INVALID_ARGUMENT', `paths must be at most ${MAX_GET_MANY_PATHS}; got ${given.length}`);
  }
  return given.map((path, index) => {
    try {
      return parsePath(path as string);
    } catch (thrown) {
      if (!isHoldfastError(thrown)) throw thrown;
      throw new HoldfastError(thrown.code, `paths[${index}]: ${thrown.message}`);
    }
  });
}
