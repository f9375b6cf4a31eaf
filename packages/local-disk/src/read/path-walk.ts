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
import type { Obstacle } from '../tree/obstacle.ts';
import { ChildrenInOrder, MOST_AT_ONCE } from './children-in-order.ts';
import { rangeDirectory } from './range-directory.ts';

/** A directory that the walk is in. */
interface Level {
  readonly prefix: string;
  readonly children: ChildrenInOrder;
}

/**
 * The paths of the files in a range, in code point order. Reads the names of those directories only that the range
 * reaches into, each when its turn comes, and keeps those that are yet to come: at most {@link MOST_AT_ONCE} in all, and
 * reads again what does not fit. Holds nothing open between two calls.
 */
export class PathWalk {
  readonly #disk: Disk;
  #range: PathRange;
  /** From the first directory down. */
  readonly #levels: Level[] = [];

  /** @throws HoldfastError `INVALID_PATH` when the range's own directory has a reserved name */
  constructor(disk: Disk, range: PathRange) {
    this.#disk = disk;
    this.#range = range;
    if (!isBefore(range.from, range.below)) return;
    const start = rangeDirectory(range);
    refuseReserved(start);
    this.#enter(start, (obstacle) => {
      if (obstacle === 'symbolic-link') throw linkRefused(start);
    });
  }

  /**
   * The next path; `undefined` behind the last.
   *
   * @throws HoldfastError `ACCESS_DENIED` when the range's own directory is reached through a symbolic link
   */
  async next(context: OperationContext): Promise<VirtualPath | undefined> {
    for (let level = this.#levels.at(-1); level !== undefined; level = this.#levels.at(-1)) {
      const { prefix, children } = level;
      const child = children.take();
      if (child === undefined) {
        throwIfGivenUp(context);
        if (await children.read()) this.#makeRoom();
        else this.#levels.pop();
        continue;
      }
      // Not so any more where the walk was told to go on elsewhere since the names were read.
      if (!this.#reaches(prefix, child)) continue;
      const path = (prefix + child.name) as VirtualPath;
      if (!child.isDirectory) return path;
      // What is gone, or was swapped for something else, since its parent was read has nothing below it.
      this.#enter(path);
    }
    return undefined;
  }

  /** Goes on at `from`, which is at or behind where it is. */
  skipTo(from: string): void {
    this.#range = { ...this.#range, from };
  }

  /** Sees to it that what came meanwhile comes too, as far as {@link ChildrenInOrder.refresh} does. */
  async refresh(context: OperationContext): Promise<void> {
    for (const { children } of this.#levels) {
      throwIfGivenUp(context);
      await children.refresh();
    }
  }

  #enter(directory: DirectoryPath, onObstacle?: (obstacle: Obstacle) => void): void {
    const prefix = childPrefix(directory);
    const children = new ChildrenInOrder(this.#disk, directory, {
      // Everything below `/d/a` starts with `/d/a/`, so `/d/a!` comes before it although `a` comes before `a!`.
      keyOf: ({ name, isDirectory }) => (isDirectory ? `${name}/` : name),
      includes: (child) => this.#reaches(prefix, child),
      expected: MOST_AT_ONCE,
      onObstacle,
    });
    this.#levels.push({ prefix, children });
  }

  /** Whether a child of a directory, or something below it, can be in the range. */
  #reaches(prefix: string, { name, isDirectory }: DiskChild): boolean {
    const path = prefix + name;
    return isDirectory ? overlap(rangeBelow(path as DirectoryPath), this.#range) : isWithin(path, this.#range);
  }

  /** Keeps to the bound: those that are needed last have to be read again. */
  #makeRoom(): void {
    let held = 0;
    for (const { children } of this.#levels.toReversed()) {
      if (held + children.held > MOST_AT_ONCE) children.forget();
      else held += children.held;
    }
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
