import type { Child, DirectoryPath } from '@holdfast/core';
import { childPrefix, compareCodePoints, type ListRequest, type OperationContext } from '@holdfast/core/adapter';
import type { Disk } from '../disk.ts';
import { linkRefused } from '../refusals.ts';
import { ChildrenInOrder } from './children-in-order.ts';
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
  const children = new ChildrenInOrder(disk, directory, {
    keyOf: ({ name }) => name,
    includes: ({ name }) => after === undefined || compareCodePoints(name, after) > 0,
    expected: limit,
    onObstacle: (obstacle) => {
      if (obstacle === 'symbolic-link') throw linkRefused();
    },
  });
  const page: Child[] = [];
  while (page.length < limit) {
    const child = children.take();
    if (child === undefined && !(await children.read())) break;
    if (child === undefined) continue;
    const { name, isDirectory } = child;
    if (!isDirectory) page.push({ name, isEntry: true, isPrefix: false });
    else if (await hasEntriesBelow(disk, (childPrefix(directory) + name) as DirectoryPath, context)) {
      page.push({ name, isEntry: false, isPrefix: true });
    }
  }
  return page;
}
