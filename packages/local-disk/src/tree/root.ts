import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { HoldfastError } from '@holdfast/core';
import { unless } from '../calls/errno.ts';
import type { FileCalls } from '../calls/file-calls.ts';
import { NO_DIRECTORY, OPEN_DIRECTORY } from '../calls/open-flags.ts';
import type { Place } from './containment.ts';

type Identity = Pick<BigIntStats, 'dev' | 'ino'>;

/**
 * The directory that was opened as the root, held open until {@link Root.close}. No other directory can have its inode
 * number meanwhile, so that number and the device tell it from every other one that comes to its path: on overlayfs,
 * whose first write gives a directory another time of birth, and on file systems that number an inode anew whenever
 * nobody has it open, as well as where a new directory gets the number of one just removed.
 */
export class Root {
  /** Its absolute host path, without symbolic links. */
  readonly host: string;
  readonly #handle: FileHandle;
  #known: Identity;
  #closed = false;

  private constructor(host: string, handle: FileHandle, known: Identity) {
    this.host = host;
    this.#handle = handle;
    this.#known = known;
  }

  /** Opens the directory at a host path without symbolic links; `undefined` when no directory is there. */
  static async open(calls: FileCalls, host: string): Promise<Root | undefined> {
    const handle = await unless(NO_DIRECTORY, calls.open(host, OPEN_DIRECTORY));
    if (handle === undefined) return undefined;
    try {
      const root = new Root(host, handle, await handle.stat({ bigint: true }));
      FORGOTTEN.register(root, handle, root);
      return root;
    } catch (error) {
      await handle.close().catch(() => {});
      throw error;
    }
  }

  /** The root as a place in itself. */
  get place(): Place {
    return { handle: this.#handle, host: this.host, root: this, depth: 0 };
  }

  /**
   * Whether what was found is this very directory. Costs nothing while it is told as it was before, and one `fstat`
   * when not.
   *
   * @throws HoldfastError `CLOSED` for an operation that outlived its filesystem, which is not told any more
   */
  async is(found: Identity): Promise<boolean> {
    if (this.#closed) throw new HoldfastError('CLOSED', 'the filesystem is closed', { outcome: 'not-applied' });
    if (isSame(this.#known, found)) return true;
    const now = await this.#handle.stat({ bigint: true });
    if (!isSame(now, found)) return false;
    this.#known = now;
    return true;
  }

  /** Lets go of the directory. Nothing depends on the answer of a handle that only looked, so it never throws. */
  async close(): Promise<void> {
    this.#closed = true;
    FORGOTTEN.unregister(this);
    await this.#handle.close().catch(() => {});
  }
}

/** Closes the handles of roots that nobody closed; Node would complain about each, and in later releases throw. */
const FORGOTTEN = new FinalizationRegistry((handle: FileHandle) => void handle.close().catch(() => {}));

const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/**
 * Whether an open directory is still as far below the very root that was opened as its path says. Goes up from
 * the directory itself (`<directory>/../..`) rather than down the path, so that one call tells it, and a root that
 * is swapped out and back meanwhile deceives nobody who reaches through the open directory.
 *
 * `reach` leads to the open directory; see `Containment.reach`.
 */
export async function isBelowRoot(calls: FileCalls, { root, depth }: Place, reach: string): Promise<boolean> {
  const above = `${reach}/.${'/..'.repeat(depth)}`;
  const top = await unless(GONE, calls.lstat(above, { bigint: true }));
  return top !== undefined && (await root.is(top));
}

function isSame(a: Identity, b: Identity): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}
