import { nameOf, parentOf, type VirtualPath } from '@holdfast/core';
import { childPrefix, type OperationContext } from '@holdfast/core/adapter';
import { errnoOf, unless } from '../calls/errno.ts';
import type { Disk } from '../disk.ts';
import { contentsOf } from '../read/contents-of.ts';
import { hasEntriesBelow } from '../read/has-entries-below.ts';
import { busy, linkRefused, pathConflict } from '../refusals.ts';
import type { Directory } from '../tree/directory.ts';

const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);
const NOT_EMPTY: ReadonlySet<string> = new Set(['ENOTEMPTY', 'EEXIST']);

/**
 * Removes a directory without entries that is where an entry shall go: directories are implicit, so an empty
 * one left behind is nothing. Removes nothing when there is an entry below it.
 *
 * @throws HoldfastError `PATH_CONFLICT` when something else than empty directories is below it; `BUSY` when
 * that is only the temporary file of a write under way, or of one that crashed within the hour
 */
export async function clearDirectory(disk: Disk, path: VirtualPath, context: OperationContext): Promise<void> {
  if (await hasEntriesBelow(disk, path, context)) throw pathConflict('entries are below this path');
  await removeEmpty(disk, path);
}

async function removeEmpty(disk: Disk, path: VirtualPath): Promise<void> {
  const found = await contentsOf(disk, path);
  if (found === 'symbolic-link') throw linkRefused();
  if (typeof found === 'string') return;
  for (const { name, isDirectory } of found.children) {
    if (isDirectory) await removeEmpty(disk, (childPrefix(path) + name) as VirtualPath);
  }
  try {
    await removeDirectory(disk, path);
  } catch (error) {
    if (!NOT_EMPTY.has(errnoOf(error) ?? '')) throw error;
    throw found.temps > 0 ? busy('a write below this path is under way') : pathConflict('something is below this path');
  }
}

async function removeDirectory(disk: Disk, path: VirtualPath): Promise<void> {
  const opened = await disk.tree.open(parentOf(path));
  if (opened === 'symbolic-link') throw linkRefused();
  if (typeof opened === 'string') return;
  await using above: Directory = opened;
  await unless(GONE, disk.calls.rmdir(above.at(nameOf(path))));
}
