import { nameOf, parentOf, type DirectoryPath } from '@holdfast/core';
import { unless } from '../calls/errno.ts';
import type { Directory } from '../tree/directory.ts';
import type { Tree } from '../tree/tree.ts';

const GONE: ReadonlySet<string> = new Set(['ENOENT']);

/**
 * Removes a directory that has become empty, and those above it that become empty by that, up to the root,
 * which stays. `rmdir` refuses a directory that holds anything, so a writer's temporary file keeps it; whose
 * directory goes in the moment before makes it again. Never throws: an empty directory does no harm.
 *
 * `from` need not be there, as when making it failed halfway.
 */
export async function prune(tree: Tree, from: DirectoryPath): Promise<void> {
  try {
    for (let path = from; path !== '/'; path = parentOf(path)) {
      const opened = await tree.open(parentOf(path));
      if (opened === 'missing') continue;
      if (typeof opened === 'string') return;
      await using above: Directory = opened;
      await unless(GONE, above.calls.rmdir(above.at(nameOf(path))));
    }
  } catch {
    // Not empty, most often.
  }
}
