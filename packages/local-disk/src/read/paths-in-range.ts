import type { DirectoryPath, VirtualPath } from '@holdfast/core';
import {
  childPrefix,
  compareCodePoints,
  rangeBelow,
  type OperationContext,
  type PathRange,
} from '@holdfast/core/adapter';
import type { Disk } from '../disk.ts';
import { throwIfGivenUp } from '../give-up.ts';
import type { DiskChild } from '../names/read-children.ts';
import { refuseReserved } from '../names/temp-name.ts';
import { linkRefused } from '../refusals.ts';
import { contentsOf } from './contents-of.ts';
import { rangeDirectory } from './range-directory.ts';

/**
 * The paths of the files in a range, in code point order. Reads the names of those directories only that the
 * range reaches into, each when its turn comes.
 *
 * @throws HoldfastError `ACCESS_DENIED` when the range's own directory is reached through a symbolic link
 */
export async function* pathsInRange(
  disk: Disk,
  range: PathRange,
  context: OperationContext,
): AsyncGenerator<VirtualPath, void, undefined> {
  if (compareCodePoints(range.from, range.below) >= 0) return;
  const start = rangeDirectory(range);
  refuseReserved(start);
  const found = await contentsOf(disk, start);
  if (found === 'symbolic-link') throw linkRefused(start);
  if (typeof found !== 'string') yield* pathsOf(disk, start, found.children, range, context);
}

async function* pathsOf(
  disk: Disk,
  directory: DirectoryPath,
  children: readonly DiskChild[],
  range: PathRange,
  context: OperationContext,
): AsyncGenerator<VirtualPath, void, undefined> {
  for (const { name, isDirectory } of inPathOrder(children)) {
    const path = (childPrefix(directory) + name) as VirtualPath;
    if (isDirectory) {
      if (overlap(rangeBelow(path), range)) yield* pathsBelow(disk, path, range, context);
    } else if (!isBefore(path, range.from) && isBefore(path, range.below)) {
      yield path;
    }
  }
}

async function* pathsBelow(
  disk: Disk,
  directory: DirectoryPath,
  range: PathRange,
  context: OperationContext,
): AsyncGenerator<VirtualPath, void, undefined> {
  throwIfGivenUp(context);
  const found = await contentsOf(disk, directory);
  // Gone, or swapped for something else, since its parent was read: then nothing is below it.
  if (typeof found !== 'string') yield* pathsOf(disk, directory, found.children, range, context);
}

/** Everything below `/d/a` starts with `/d/a/`, so `/d/a!` comes before it although `a` comes before `a!`. */
function inPathOrder(children: readonly DiskChild[]): readonly DiskChild[] {
  return children
    .map((child) => ({ child, key: child.isDirectory ? `${child.name}/` : child.name }))
    .toSorted((a, b) => compareCodePoints(a.key, b.key))
    .map(({ child }) => child);
}

function overlap(a: PathRange, b: PathRange): boolean {
  return isBefore(a.from, b.below) && isBefore(b.from, a.below);
}

function isBefore(a: string, b: string): boolean {
  return compareCodePoints(a, b) < 0;
}
