import type { Child, DirectoryPath } from '@holdfast/core';
import { childPrefix, compareCodePoints, type ListRequest, type OperationContext } from '@holdfast/core/adapter';
import type { Disk } from '../disk.ts';
import { linkRefused } from '../refusals.ts';
import { contentsOf } from './contents-of.ts';
import { hasEntriesBelow } from './has-entries-below.ts';

/**
 * A page of the children of a directory. Costs one read of the directory's own names, and for each child
 * directory of the page a look for one file below it.
 *
 * @throws HoldfastError `ACCESS_DENIED` when the directory is reached through a symbolic link
 */
export async function listChildren(
  disk: Disk,
  directory: DirectoryPath,
  { after, limit }: ListRequest,
  context: OperationContext,
): Promise<readonly Child[]> {
  const found = await contentsOf(disk, directory);
  if (found === 'symbolic-link') throw linkRefused();
  if (typeof found === 'string') return [];
  const later = found.children.filter(({ name }) => after === undefined || compareCodePoints(name, after) > 0);
  const page: Child[] = [];
  for (const { name, isDirectory } of later.toSorted((a, b) => compareCodePoints(a.name, b.name))) {
    if (page.length === limit) break;
    if (!isDirectory) page.push({ name, isEntry: true, isPrefix: false });
    else if (await hasEntriesBelow(disk, (childPrefix(directory) + name) as DirectoryPath, context)) {
      page.push({ name, isEntry: false, isPrefix: true });
    }
  }
  return page;
}
