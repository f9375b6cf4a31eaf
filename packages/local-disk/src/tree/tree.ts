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

  constructor(means: Means) {
    this.#means = means;
  }

  /** How this tree is contained. */
  get containment(): Means['containment']['kind'] {
    return this.#means.containment.kind;
  }

  /** The absolute host path of the root, without symbolic links. */
  get root(): string {
    return this.#means.root.host;
  }

  /**
   * Opens a directory: one `open` and one check when it is there, else a walk that tells why it is not.
   *
   * @throws HoldfastError `UNAVAILABLE` when the root itself is gone, or is another directory
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

  /** Lets go of the root. */
  close(): Promise<void> {
    return this.#means.root.close();
  }

  async #walk(
    path: DirectoryPath,
    step: (parent: Directory, name: string) => Promise<Directory | Obstacle>,
  ): Promise<Directory | Obstacle> {
    let current = await this.#openRoot();
    for (const name of path.split('/').filter((segment) => segment !== '')) {
      await using parent: Directory = current;
      const next = await step(parent, name);
      if (typeof next === 'string') return await this.#confirm(next, parent);
      current = next;
    }
    return current;
  }

  /** Tells of an obstacle only while the root that it was met below is there: in another one it means nothing. */
  async #confirm(obstacle: Obstacle, metIn: Directory): Promise<Obstacle> {
    if (!(await metIn.wasRead())) await (await this.#openRoot()).close();
    return obstacle;
  }

  async #openRoot(): Promise<Directory> {
    const { host } = this.#means.root;
    const root = await Directory.open(this.#means, host, '/', host);
    if (root === undefined) throw rootGone();
    return root;
  }

  #hostPath(path: DirectoryPath): string {
    const { host } = this.#means.root;
    if (path === '/') return host;
    return host === '/' ? path : host + path;
  }
}
