import type { Child, DirectoryPath } from '@holdfast/core';
import { childPrefix, compareCodePoints, type ListRequest, type OperationContext } from '@holdfast/core/adapter';
import type { Disk } from '../disk.ts';
import { linkRefused } from '../refusals.ts';
import { childrenInOrder, type ChildOrder } from './children-in-order.ts';
import { hasEntriesBelow } from './has-entries-below.ts';

/**
 * A page of the children of a directory. Costs one read of all the directory's own names, of which it keeps those of
 * the page, and for each child directory of the page a look for one file below it.
 *
 * @throws HoldfastError `ACCESS_DENIED` when the directory is reached through a symbolic link
 */
export async function listChildren(
  disk: Disk,
  directory: DirectoryPath,
  { after, limit }: ListRequest,
  context: OperationContext,
): Promise<readonly Child[]> {
  const order: ChildOrder = {
    keyOf: ({ name }) => name,
    includes: ({ name }) => after === undefined || compareCodePoints(name, after) > 0,
    expected: limit,
    onObstacle: (obstacle) => {
      if (obstacle === 'symbolic-link') throw linkRefused();
    },
  };
  const page: Child[] = [];
  for await (const { name, isDirectory } of childrenInOrder(disk, directory, order)) {
    if (!isDirectory) page.push({ name, isEntry: true, isPrefix: false });
    else if (await hasEntriesBelow(disk, (childPrefix(directory) + name) as DirectoryPath, context)) {
      page.push({ name, isEntry: false, isPrefix: true });
    }
    if (page.length === limit) break;
  }
  return page;
}
