import type { DirectoryPath } from '@holdfast/core';
import { clock, compareCodePoints } from '@holdfast/core/adapter';
import type { Disk } from '../disk.ts';
import { withDiskErrors } from '../errors.ts';
import { Ascending } from '../names/ascending.ts';
import type { DiskChild } from '../names/read-children.ts';
import { SETTLED_MS, type Directory } from '../tree/directory.ts';
import type { Obstacle } from '../tree/obstacle.ts';
import { contentsOf } from './contents-of.ts';

/** Which children of a directory come, and in what order. */
export interface ChildOrder {
  /** The children come in the code point order of this. */
  readonly keyOf: (child: DiskChild) => string;
  readonly includes: (child: DiskChild) => boolean;
  /** How many the reader will most likely take: so many are kept of the first reading, or {@link MOST_AT_ONCE}. */
  readonly expected: number;
  /** Told why there is nothing, when there is no directory. */
  readonly onObstacle?: ((obstacle: Obstacle) => void) | undefined;
}

/**
 * The most names of one directory in memory at a time, and the most of one iteration. Some megabytes, and the first
 * of them takes the event loop some ten milliseconds to find.
 */
export const MOST_AT_ONCE = 32_768;

// Who takes more than expected, as past many directories without a file, is likely to go on with that. So the
// directory is read again a few times, rather than once for every page's worth of names.
const GROWTH = 8;

/**
 * How many names may be read for the sake of what came meanwhile, for each child that was taken. A name takes two
 * microseconds and an entry at least a hundred, so that an iteration among busy writers takes half as long again, and not
 * as many readings as it has pages.
 */
const NAMES_FOR_NEWS = 32;

/** What is known of the last reading. */
interface Reading {
  /** How many names there were. */
  readonly names: number;
  /** What the directory was told from others by; `undefined` when it cannot be told whether it changes after that. */
  readonly state: string | undefined;
  /** How many children were taken since. */
  taken: number;
}

/**
 * Children of a directory in order, as many as are asked for. Reads all names of the directory, keeps the least of them,
 * and reads them again for those after that if more are asked for. Holds nothing open between two calls.
 */
export class ChildrenInOrder {
  readonly #disk: Disk;
  readonly #directory: DirectoryPath;
  readonly #order: ChildOrder;
  #ahead: Ascending<DiskChild>;
  /** Whether there may be more than those ahead. */
  #more = true;
  #most: number;
  /** The last that was taken, or passed over. */
  #last: string | undefined;
  #reading: Reading | undefined;

  constructor(disk: Disk, directory: DirectoryPath, order: ChildOrder) {
    this.#disk = disk;
    this.#directory = directory;
    this.#order = order;
    this.#ahead = this.#ordered([]);
    this.#most = Math.min(order.expected, MOST_AT_ONCE);
  }

  /** How many are in memory. */
  get held(): number {
    return this.#ahead.size;
  }

  /** The next of those in memory; `undefined` when none is left there. */
  take(): DiskChild | undefined {
    const child = this.#ahead.take();
    if (child === undefined) return undefined;
    this.#last = this.#order.keyOf(child);
    if (this.#reading !== undefined) this.#reading.taken += 1;
    return child;
  }

  /**
   * Gets the next ones into memory, where none is left.
   *
   * @returns whether there are any
   * @throws HoldfastError that names the directory
   */
  async read(): Promise<boolean> {
    if (!this.#more) return false;
    const { keyOf, includes, onObstacle } = this.#order;
    const after = this.#last;
    let state: string | undefined;
    const found = await contentsOf(this.#disk, this.#directory, {
      includes: (child) => (after === undefined || compareCodePoints(keyOf(child), after) > 0) && includes(child),
      least: { most: this.#most, keyOf },
      before: async (directory) => {
        const { id, at } = await directory.changed();
        // In the same tick it may change without a sign of it.
        state = clock.dateNow() - at > SETTLED_MS ? id : undefined;
      },
    });
    this.#more = typeof found !== 'string' && found.more;
    if (typeof found === 'string') {
      onObstacle?.(found);
      return false;
    }
    this.#ahead = this.#ordered(found.children);
    this.#reading = { names: found.names, state, taken: 0 };
    this.#most = Math.min(this.#most * GROWTH, MOST_AT_ONCE);
    return this.held > 0;
  }

  /** Lets go of those in memory, which then have to be read again. */
  forget(): void {
    if (this.held > 0) this.#readAgain();
  }

  /**
   * Sees to it that what came meanwhile comes too, if the directory has changed. Where it is large, only once as many
   * children were taken as are worth reading it again.
   *
   * @throws HoldfastError that names the directory
   */
  async refresh(): Promise<void> {
    const reading = this.#reading;
    if (reading === undefined || reading.taken * NAMES_FOR_NEWS < reading.names) return;
    if (reading.state === undefined || (await this.#stateNow()) !== reading.state) this.#readAgain();
  }

  #stateNow(): Promise<string | undefined> {
    return withDiskErrors(async () => {
      const opened = await this.#disk.tree.open(this.#directory);
      if (typeof opened === 'string') return undefined;
      await using directory: Directory = opened;
      return (await directory.changed()).id;
    }, this.#directory);
  }

  #readAgain(): void {
    this.#ahead = this.#ordered([]);
    this.#more = true;
  }

  #ordered(children: readonly DiskChild[]): Ascending<DiskChild> {
    return new Ascending(children, this.#order.keyOf);
  }
}
