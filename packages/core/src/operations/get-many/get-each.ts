import type { Snapshot } from '../../entries/entry.ts';
import { isHoldfastError } from '../../errors/holdfast-error.ts';
import { restated } from '../../errors/restated.ts';
import { adapterError } from '../../filesystem/adapter-error.ts';
import type { VirtualPath } from '../../paths/virtual-path.ts';
import type { Found, GetManyOperation } from './get-many-arguments.ts';

/**
 * How many entries of one `getMany` are read at once where each costs a call: as many as a PostgreSQL pool has connections by
 * default.
 */
export const GET_MANY_CONCURRENCY = 10;

/**
 * Reads each entry by a call of its own, up to {@link GET_MANY_CONCURRENCY} of them at once. The first that fails ends it,
 * with its path, and then none is begun any more; nor after the deadline.
 *
 * @throws HoldfastError
 */
export async function getEach(
  operation: GetManyOperation,
  get: (path: VirtualPath) => Promise<Snapshot | undefined>,
): Promise<Found> {
  const { paths, isOver } = operation.args;
  const found = paths.map((): Snapshot | undefined => undefined);
  const left = paths.entries();
  let failed = false;

  async function readOn(): Promise<void> {
    // Each takes from the same iterator, so that nobody waits for the slowest of a batch.
    for (const [place, path] of left) {
      if (failed || isOver()) return;
      const tooLate = operation.exhausted();
      if (tooLate !== undefined) throw tooLate;
      try {
        found[place] = await get(path);
      } catch (thrown) {
        // That it is closed is so for all of them.
        if (isHoldfastError(thrown, 'CLOSED'))
          throw restated(thrown, { operation: operation.name, path: operation.path });
        throw adapterError(thrown, { name: operation.name, path, changes: false });
      }
    }
  }

  try {
    await Promise.all(Array.from({ length: Math.min(GET_MANY_CONCURRENCY, paths.length) }, readOn));
  } finally {
    failed = true;
  }
  return found;
}
