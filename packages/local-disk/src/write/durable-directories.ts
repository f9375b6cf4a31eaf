import type { DirectoryPath } from '@holdfast/core';
import { clock } from '@holdfast/core/adapter';
import { linkRefused } from '../refusals.ts';
import { SETTLED_MS, type Directory } from '../tree/directory.ts';
import type { Tree } from '../tree/tree.ts';

/** How many directories are remembered; the oldest is forgotten first, and then costs its fsyncs again. */
const REMEMBERED = 1024;

/**
 * Sees to it that a directory would still be there after a power loss.
 *
 * A name is durable once the directory it is in was fsynced. A directory that is found to exist may have been
 * made by another writer that has not come to fsync it, or crashed before; so a writer that reports its entry
 * as durable must have fsynced the whole way down itself, at least once. Which ones this filesystem has done
 * is remembered by device, inode and time of birth: a directory in use is never removed, so as long as it
 * is the same one, so are those above it.
 */
export class DurableDirectories {
  readonly #known = new Set<string>();

  /** Makes the way down to an open directory durable; costs one `fstat` when it is known to be. */
  async ensure(tree: Tree, directory: Directory): Promise<void> {
    if (directory.path === '/') return;
    const birth = await directory.birth();
    if (this.#known.has(birth.id)) return;
    for (const path of ancestorsOf(directory.path)) await syncDirectory(tree, path);
    // One that was just made could be removed, and another be made with its inode in the same tick.
    if (birth.at > 0 && clock.dateNow() - birth.at > SETTLED_MS) this.#remember(birth.id);
  }

  #remember(id: string): void {
    const [oldest] = this.#known;
    if (this.#known.size >= REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
    this.#known.add(id);
  }
}

async function syncDirectory(tree: Tree, path: DirectoryPath): Promise<void> {
  const opened = await tree.open(path);
  if (typeof opened === 'string') throw linkRefused();
  await using directory: Directory = opened;
  await directory.sync();
}

/** The directories above a path, from the root down. */
function ancestorsOf(path: DirectoryPath): DirectoryPath[] {
  const ancestors: DirectoryPath[] = ['/'];
  for (let slash = path.indexOf('/', 1); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    ancestors.push(path.slice(0, slash) as DirectoryPath);
  }
  return ancestors;
}
