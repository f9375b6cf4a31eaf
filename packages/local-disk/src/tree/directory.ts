import type { FileHandle } from 'node:fs/promises';
import type { DirectoryPath } from '@holdfast/core';
import { childPrefix } from '@holdfast/core/adapter';
import { unless } from '../calls/errno.ts';
import type { FileCalls } from '../calls/file-calls.ts';
import { NO_DIRECTORY, OPEN_DIRECTORY } from '../calls/open-flags.ts';
import { linkRefused } from '../refusals.ts';
import type { Containment, Place } from './containment.ts';
import { lookAt } from './look-at.ts';
import type { Obstacle } from './obstacle.ts';
import type { Root } from './root.ts';

/** How long ago something must have happened, in milliseconds, to be told from now: more than any clock of a file system ticks. */
export const SETTLED_MS = 1000;

/** What every directory of one tree shares. */
export interface Means {
  readonly calls: FileCalls;
  readonly containment: Containment;
  readonly root: Root;
}

// How often a name may turn out to be another directory than the one just opened, as happens when others
// remove it empty and make it again. Only somebody who renames directories gets this far.
const ENTER_ATTEMPTS = 16;

/** A directory of the tree, held open, that was reached without following any symbolic link. */
export class Directory implements AsyncDisposable {
  readonly path: DirectoryPath;
  readonly calls: FileCalls;
  readonly #means: Means;
  readonly #place: Place;

  private constructor(means: Means, path: DirectoryPath, place: Place) {
    this.path = path;
    this.calls = means.calls;
    this.#means = means;
    this.#place = place;
  }

  /** Opens the directory at `host` through the path `through`; `undefined` when that is not what is there. */
  static async open(means: Means, through: string, path: DirectoryPath, host: string): Promise<Directory | undefined> {
    const handle = await unless(NO_DIRECTORY, means.calls.open(through, OPEN_DIRECTORY));
    if (handle === undefined) return undefined;
    const directory = new Directory(means, path, { handle, host, root: means.root, depth: depthOf(path) });
    try {
      if (await directory.isInPlace()) return directory;
    } catch (error) {
      await directory.close();
      throw error;
    }
    await directory.close();
    return undefined;
  }

  /** The path of a name in this directory, for calls that do not follow the name itself. */
  at(name: string): string {
    return `${this.#means.containment.reach(this.#place)}/${name}`;
  }

  /** Opens a directory in this one; never through a symbolic link. */
  async enter(name: string): Promise<Directory | Obstacle> {
    const path = (childPrefix(this.path) + name) as DirectoryPath;
    const host = `${this.#place.host === '/' ? '' : this.#place.host}/${name}`;
    for (let attempt = 0; attempt < ENTER_ATTEMPTS; attempt += 1) {
      const child = await Directory.open(this.#means, this.at(name), path, host);
      if (child !== undefined) return child;
      const kind = await lookAt(this, name);
      if (kind === 'missing' || kind === 'symbolic-link') return kind;
      if (kind !== 'directory') return 'not-a-directory';
    }
    return 'symbolic-link';
  }

  /** Whether the directory is still where it was opened, below the root that was opened. */
  isInPlace(): Promise<boolean> {
    return this.#means.containment.holds(this.calls, this.#place);
  }

  /** @throws HoldfastError `ACCESS_DENIED` when the directory is no longer where it was opened */
  async verify(): Promise<void> {
    if (!(await this.isInPlace())) throw linkRefused();
  }

  /** Whether what was just read by {@link at} is sure to have come from this directory. */
  wasRead(): Promise<boolean> {
    return this.#means.containment.held(this.calls, this.#place);
  }

  /** Whether a file that was just opened by {@link at} is sure to be in this directory, under that name. */
  hasOpen(file: FileHandle, name: string): Promise<boolean> {
    return this.#means.containment.heldFile(this.calls, this.#place, file, name);
  }

  /** Makes the names in this directory survive a power loss. */
  sync(): Promise<void> {
    return this.#place.handle.sync();
  }

  /** What tells this directory from one that is made later at the same path; see `DurableDirectories`. */
  async birth(): Promise<{ readonly id: string; readonly at: number }> {
    const { dev, ino, birthtimeNs } = await this.#place.handle.stat({ bigint: true });
    return { id: `${dev}:${ino}:${birthtimeNs}`, at: Number(birthtimeNs / 1_000_000n) };
  }

  /** What tells whether names have come or gone since, unless within one tick, and when they last did, in milliseconds. */
  async changed(): Promise<{ readonly id: string; readonly at: number }> {
    const { dev, ino, mtimeNs } = await this.#place.handle.stat({ bigint: true });
    return { id: `${dev}:${ino}:${mtimeNs}`, at: Number(mtimeNs / 1_000_000n) };
  }

  /** Closes the handle. Nothing depends on the answer of a handle that only read, so it never throws. */
  async close(): Promise<void> {
    await this.#place.handle.close().catch(() => {});
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function depthOf(path: DirectoryPath): number {
  return path === '/' ? 0 : path.split('/').length - 1;
}
