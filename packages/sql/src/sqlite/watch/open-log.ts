import { readlinkSync } from 'node:fs';
import { writersOf, type FileId } from './descriptors.ts';

/**
 * A write-ahead log that this process has open. Tells whether it still is where it was by asking the descriptor, where Linux
 * shows that; the file itself had better be left alone. On a recent Linux, to ask a file for its times makes the next write
 * change them, and the sync after it twice as dear.
 */
export class OpenLog {
  readonly #link: string;
  readonly #path: string;

  private constructor(link: string, path: string) {
    this.#link = link;
    this.#path = path;
  }

  /**
   * That at a path, which is the file with this id; `undefined` where nothing is shown of it.
   *
   * @throws HoldfastError `UNAVAILABLE` while the process may open nothing more
   */
  static at(path: string, file: FileId): OpenLog | undefined {
    if (process.platform !== 'linux') return undefined;
    const logs = writersOf(file)?.map((descriptor) => new OpenLog(`/proc/self/fd/${descriptor}`, path));
    return logs?.find((log) => log.isThere());
  }

  /** Whether it is known to be there still. A file that was removed has another name, and a descriptor that was closed none. */
  isThere(): boolean {
    try {
      return readlinkSync(this.#link) === this.#path;
    } catch {
      return false;
    }
  }
}
