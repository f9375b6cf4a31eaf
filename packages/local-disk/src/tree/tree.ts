import type { DirectoryPath } from '@holdfast/core';
import { unless } from '../calls/errno.ts';
import { rootGone } from '../refusals.ts';
import { Directory, type Means } from './directory.ts';
import type { Obstacle } from './obstacle.ts';

/** Made by others first, or without a parent since others removed that; a look at the name tells. */
const LOST_RACE: ReadonlySet<string> = new Set(['EEXIST', 'ENOENT']);

/** The directories below one root, opened without ever leaving it. */
export class Tree {
  readonly #means: Means;
  readonly #root: string;

  /** `root` is an absolute host path without symbolic links. */
  constructor(means: Means, root: string) {
    this.#means = means;
    this.#root = root;
  }

  /** How this tree is contained. */
  get containment(): Means['containment']['kind'] {
    return this.#means.containment.kind;
  }

  /**
   * Opens a directory: one `open` and one check when it is there, else a walk that tells why it is not.
   *
   * @throws HoldfastError `UNAVAILABLE` when the root itself is gone
   */
  async open(path: DirectoryPath): Promise<Directory | Obstacle> {
    const host = this.#hostPath(path);
    const directory = await Directory.open(this.#means, host, path, host);
    if (directory !== undefined) return directory;
    return this.#walk(path, (parent, name) => parent.enter(name));
  }

  /**
   * Makes the directories of a path that are missing, and opens the last. Answers `'missing'` when one was
   * removed again in between; whoever asked tries again.
   */
  make(path: DirectoryPath): Promise<Directory | Obstacle> {
    return this.#walk(path, async (parent, name) => {
      const child = await parent.enter(name);
      if (child !== 'missing') return child;
      await unless(LOST_RACE, this.#means.calls.mkdir(parent.at(name)));
      return parent.enter(name);
    });
  }

  async #walk(
    path: DirectoryPath,
    step: (parent: Directory, name: string) => Promise<Directory | Obstacle>,
  ): Promise<Directory | Obstacle> {
    let current = await Directory.open(this.#means, this.#root, '/', this.#root);
    if (current === undefined) throw rootGone();
    for (const name of path.split('/').filter((segment) => segment !== '')) {
      await using parent: Directory = current;
      const next = await step(parent, name);
      if (typeof next === 'string') return next;
      current = next;
    }
    return current;
  }

  #hostPath(path: DirectoryPath): string {
    if (path === '/') return this.#root;
    return this.#root === '/' ? path : this.#root + path;
  }
}
