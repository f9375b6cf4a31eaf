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
import { refuseReserved } from '../names/temp-name.ts';
import { linkRefused } from '../refusals.ts';
import type { Obstacle } from '../tree/obstacle.ts';
import { childrenInOrder } from './children-in-order.ts';
import { rangeDirectory } from './range-directory.ts';

/**
 * The paths of the files in a range, in code point order. Reads the names of those directories only that the
 * range reaches into, each when its turn comes: all of them once, for up to `expected` paths.
 *
 * @throws HoldfastError `ACCESS_DENIED` when the range's own directory is reached through a symbolic link
 */
export async function* pathsInRange(
  disk: Disk,
  range: PathRange,
  expected: number,
  context: OperationContext,
): AsyncGenerator<VirtualPath, void, undefined> {
  if (compareCodePoints(range.from, range.below) >= 0) return;
  const start = rangeDirectory(range);
  refuseReserved(start);
  yield* pathsBelow(disk, start, range, expected, context, (obstacle) => {
    if (obstacle === 'symbolic-link') throw linkRefused(start);
  });
}

// What is gone, or was swapped for something else, since its parent was read has nothing below it.
async function* pathsBelow(
  disk: Disk,
  directory: DirectoryPath,
  range: PathRange,
  expected: number,
  context: OperationContext,
  onObstacle: (obstacle: Obstacle) => void = () => {},
): AsyncGenerator<VirtualPath, void, undefined> {
  throwIfGivenUp(context);
  const prefix = childPrefix(directory);
  const children = childrenInOrder(disk, directory, {
    // Everything below `/d/a` starts with `/d/a/`, so `/d/a!` comes before it although `a` comes before `a!`.
    keyOf: ({ name, isDirectory }) => (isDirectory ? `${name}/` : name),
    includes: ({ name, isDirectory }) =>
      isDirectory ? overlap(rangeBelow((prefix + name) as DirectoryPath), range) : isWithin(prefix + name, range),
    expected,
    onObstacle,
  });
  for await (const { name, isDirectory } of children) {
    const path = (prefix + name) as VirtualPath;
    if (isDirectory) yield* pathsBelow(disk, path, range, expected, context);
    else yield path;
  }
}

function isWithin(path: string, range: PathRange): boolean {
  return !isBefore(path, range.from) && isBefore(path, range.below);
}

function overlap(a: PathRange, b: PathRange): boolean {
  return isBefore(a.from, b.below) && isBefore(b.from, a.below);
}

function isBefore(a: string, b: string): boolean {
  return compareCodePoints(a, b) < 0;
}
