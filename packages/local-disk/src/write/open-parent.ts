import { parentOf, type DirectoryPath, type VirtualPath } from '@holdfast/core';
import { linkRefused, pathConflict } from '../refusals.ts';
import type { Directory } from '../tree/directory.ts';
import type { Obstacle } from '../tree/obstacle.ts';
import type { Tree } from '../tree/tree.ts';
import { prune } from './prune.ts';

/** The directory of an entry that is about to be written. */
export interface Parent {
  readonly directory: Directory;
  /** Whether this call had to make it, so that a write that fails should leave none of it behind. */
  readonly made: boolean;
}

/**
 * Opens the directory that an entry goes into, and makes what is missing of the way there. `undefined` when
 * somebody removed part of it again in between.
 *
 * @throws HoldfastError `PATH_CONFLICT` when a file is where a directory is needed; `ACCESS_DENIED`
 */
export async function openParent(tree: Tree, path: VirtualPath): Promise<Parent | undefined> {
  const there = await tree.open(parentOf(path));
  const made = there === 'missing';
  const found = made ? await make(tree, parentOf(path)) : there;
  if (found === 'missing') return undefined;
  if (found === 'symbolic-link') throw linkRefused();
  if (found === 'not-a-directory') throw pathConflict('an entry is where this path needs a directory');
  return { directory: found, made };
}

/** Makes the directories, or none of them. */
async function make(tree: Tree, path: DirectoryPath): Promise<Directory | Obstacle> {
  try {
    return await tree.make(path);
  } catch (error) {
    await prune(tree, path);
    throw error;
  }
}
