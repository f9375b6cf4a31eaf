import { nameOf, parentOf, type VirtualPath } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';
import { unless } from '../calls/errno.ts';
import type { Disk } from '../disk.ts';
import { afterPublication, publicationError } from '../errors.ts';
import { throwIfGivenUp } from '../give-up.ts';
import { busy, linkRefused, notAFile } from '../refusals.ts';
import type { Directory } from '../tree/directory.ts';
import { lookAt } from '../tree/look-at.ts';
import { prune } from './prune.ts';

// Another attempt follows only when the directory was removed between two calls.
const DELETE_ATTEMPTS = 16;

/** Gone, or become a directory, since it was looked at. */
const NO_FILE: ReadonlySet<string> = new Set(['ENOENT', 'EISDIR']);

/**
 * Deletes an entry, makes that durable, and removes the directories that are empty by it. Of any number of
 * deleters exactly one is told that there was an entry. Costs one fsync, and one for each directory above when the file
 * system copies the directory for it, as overlayfs does.
 *
 * @throws HoldfastError `ACCESS_DENIED`, `CORRUPT`; the outcome is `'not-applied'` until the file is unlinked
 * and `'unknown'` after it
 */
export async function deleteEntry(disk: Disk, path: VirtualPath, context: OperationContext): Promise<boolean> {
  const parent = parentOf(path);
  for (let attempt = 0; attempt < DELETE_ATTEMPTS; attempt += 1) {
    const opened = await disk.tree.open(parent);
    if (opened === 'symbolic-link') throw linkRefused();
    if (typeof opened === 'string') return false;
    const deleted = await deleteFrom(disk, opened, path, context);
    if (deleted === true) await prune(disk.tree, parent);
    if (deleted !== undefined) return deleted;
  }
  throw busy('others kept removing the directory');
}

async function deleteFrom(
  disk: Disk,
  parent: Directory,
  path: VirtualPath,
  context: OperationContext,
): Promise<boolean | undefined> {
  await using directory: Directory = parent;
  const name = nameOf(path);
  const kind = await lookAt(directory, name);
  if (kind === 'symbolic-link') throw linkRefused();
  if (kind === 'special') throw notAFile();
  if (kind !== 'file') return (await directory.wasRead()) ? false : undefined;
  // From Node 26 on its permission model denies every fsync. That has to be known before anything is changed.
  if (process.permission !== undefined) await directory.sync();
  const { id } = await directory.birth();
  // Pruned meanwhile, most likely; opening it again tells.
  if (!(await directory.isInPlace())) return undefined;
  throwIfGivenUp(context);
  if (!(await unlink(disk, directory.at(name)))) return (await directory.wasRead()) ? false : undefined;
  await afterPublication(async () => {
    await directory.sync();
    // A copy that a power loss takes away again would leave the old directory to be seen, which has the file.
    if ((await directory.birth()).id !== id) await disk.durable.ensure(disk.tree, directory);
  });
  return true;
}

async function unlink(disk: Disk, at: string): Promise<boolean> {
  try {
    return (
      (await unless(
        NO_FILE,
        disk.calls.unlink(at).then(() => true),
      )) ?? false
    );
  } catch (error) {
    throw publicationError(error);
  }
}
