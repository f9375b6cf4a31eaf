import type { DirectoryPath } from '@holdfast/core';
import type { Disk } from '../disk.ts';
import { withDiskErrors } from '../errors.ts';
import { readChildren, type DirectoryContents, type Wanted } from '../names/read-children.ts';
import { busy } from '../refusals.ts';
import type { Directory } from '../tree/directory.ts';
import type { Obstacle } from '../tree/obstacle.ts';

// Another attempt follows only when the directory was removed while it was being read.
const READ_ATTEMPTS = 16;

/**
 * What is in the directory at a path, of what is wanted, or why there is none. Reads all its names, unless something
 * is enough before. Holds the directory open only while it reads it, so that going down a deep tree costs no open file
 * per level.
 *
 * @throws HoldfastError that names the path
 */
export function contentsOf(disk: Disk, path: DirectoryPath, wanted?: Wanted): Promise<DirectoryContents | Obstacle> {
  return withDiskErrors(async () => {
    for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
      const opened = await disk.tree.open(path);
      if (typeof opened === 'string') return opened;
      await using directory: Directory = opened;
      const contents = await readChildren(directory, wanted);
      if (contents !== undefined) return contents;
    }
    throw busy('the directory was removed during every attempt to read it');
  }, path);
}
