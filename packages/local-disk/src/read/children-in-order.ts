import type { DirectoryPath } from '@holdfast/core';
import { compareCodePoints } from '@holdfast/core/adapter';
import type { Disk } from '../disk.ts';
import type { DiskChild } from '../names/read-children.ts';
import type { Obstacle } from '../tree/obstacle.ts';
import { contentsOf } from './contents-of.ts';

/** Which children of a directory come, and in what order. */
export interface ChildOrder {
  /** The children come in the code point order of this. */
  readonly keyOf: (child: DiskChild) => string;
  readonly includes: (child: DiskChild) => boolean;
  /** How many the reader will most likely take: so many are kept of the first reading. */
  readonly expected: number;
  /** Told why there is nothing, when there is no directory. */
  readonly onObstacle?: (obstacle: Obstacle) => void;
}

/**
 * The most names of one directory in memory at a time. A few megabytes, and sorting them takes the event loop some
 * ten milliseconds.
 */
const MOST_AT_ONCE = 16_384;

// Who takes more than expected, as past many directories without a file, is likely to go on with that. So the
// directory is read again a few times, rather than once for every page's worth of names.
const GROWTH = 8;

/**
 * Children of a directory in order. Reads all names of the directory, keeps the least of them, and reads them again
 * for those after that if the reader asks for more.
 *
 * @throws HoldfastError that names the directory
 */
export async function* childrenInOrder(
  disk: Disk,
  directory: DirectoryPath,
  { keyOf, includes, expected, onObstacle }: ChildOrder,
): AsyncGenerator<DiskChild, void, undefined> {
  let last: string | undefined;
  for (let most = expected; ; most = Math.min(most * GROWTH, MOST_AT_ONCE)) {
    const after = last;
    const found = await contentsOf(disk, directory, {
      includes: (child) => (after === undefined || compareCodePoints(keyOf(child), after) > 0) && includes(child),
      least: { most, keyOf },
    });
    if (typeof found === 'string') return onObstacle?.(found);
    yield* found.children;
    const final = found.children.at(-1);
    if (!found.more || final === undefined) return;
    last = keyOf(final);
  }
}
