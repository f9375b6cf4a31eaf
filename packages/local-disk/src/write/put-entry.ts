import { nameOf, parentOf } from '@holdfast/core';
import type { OperationContext, PutRequest } from '@holdfast/core/adapter';
import { errnoOf } from '../calls/errno.ts';
import type { Disk } from '../disk.ts';
import { afterPublication } from '../errors.ts';
import { throwIfGivenUp } from '../give-up.ts';
import { busy } from '../refusals.ts';
import type { Directory } from '../tree/directory.ts';
import { openParent } from './open-parent.ts';
import { prune } from './prune.ts';
import { publish } from './publish.ts';
import { readyPlace } from './ready-place.ts';
import { TempFile } from './temp-file.ts';

// Each attempt after the first takes somebody else who removed, in a window of microseconds, the directory
// this one had just made. Under a storm of that a handful happen; this many mean something else is wrong.
const PUT_ATTEMPTS = 256;

/**
 * Writes an entry: into a temporary file beside it, fsynced; then published in one step; then the directory
 * fsynced. Costs those two fsyncs, and one more per directory above for a directory that is new.
 *
 * @throws HoldfastError `VERSION_MISMATCH`, `PATH_CONFLICT`, `ACCESS_DENIED`, `CORRUPT`, `UNSUPPORTED`,
 * `STORAGE_FULL`, `BUSY`; the outcome is `'not-applied'` until publication and `'unknown'` after it
 */
export async function putEntry(disk: Disk, request: PutRequest, context: OperationContext): Promise<void> {
  let made = false;
  try {
    for (let attempt = 0; attempt < PUT_ATTEMPTS; attempt += 1) {
      throwIfGivenUp(context);
      const parent = await openParent(disk.tree, request.path);
      // When it could not be opened, it was made and removed again, of which something above may remain.
      made ||= parent?.made ?? true;
      if (parent !== undefined && (await tryPut(disk, parent.directory, request, context))) return;
    }
    throw busy('others kept removing the directory');
  } catch (error) {
    // Also when an earlier attempt made it, which the last one found there.
    if (made) await prune(disk.tree, parentOf(request.path));
    throw error;
  }
}

async function tryPut(disk: Disk, parent: Directory, request: PutRequest, context: OperationContext): Promise<boolean> {
  try {
    return await putInto(disk, parent, request, context);
  } catch (error) {
    // What the attempt stood on is gone: the directory pruned, or the temporary file swept. Published it was not.
    if (errnoOf(error) !== 'ENOENT') throw error;
    return false;
  }
}

async function putInto(
  disk: Disk,
  parent: Directory,
  request: PutRequest,
  context: OperationContext,
): Promise<boolean> {
  await using directory: Directory = parent;
  await readyPlace(disk, directory, request, context);
  const written = await TempFile.write(directory, request.entry.body, context);
  if (written === undefined) return false;
  await using temp: TempFile = written;
  await disk.durable.ensure(disk.tree, directory);
  await directory.verify();
  throwIfGivenUp(context);
  const { expectation, path } = request;
  if (!(await publish(disk.calls, temp.at, directory.at(nameOf(path)), expectation))) return false;
  if (expectation === 'any') temp.wasRenamed();
  await afterPublication(async () => {
    await temp.remove();
    await directory.sync();
  });
  return true;
}
