import type { DirectoryPath } from '@holdfast/core';
import { childPrefix, type OperationContext } from '@holdfast/core/adapter';
import type { Disk } from '../disk.ts';
import { throwIfGivenUp } from '../give-up.ts';
import type { DiskChild } from '../names/read-children.ts';
import { contentsOf } from './contents-of.ts';

/**
 * Whether a directory has a file somewhere below it. Ends at the first one, so what it costs is the empty
 * directories before it; writers and deleters of this package leave none.
 */
export async function hasEntriesBelow(disk: Disk, path: DirectoryPath, context: OperationContext): Promise<boolean> {
  throwIfGivenUp(context);
  const found = await contentsOf(disk, path, { isEnough: isFile });
  if (typeof found === 'string') return false;
  if (found.children.some(isFile)) return true;
  for (const { name } of found.children) {
    if (await hasEntriesBelow(disk, (childPrefix(path) + name) as DirectoryPath, context)) return true;
  }
  return false;
}

function isFile(child: DiskChild): boolean {
  return !child.isDirectory;
}
