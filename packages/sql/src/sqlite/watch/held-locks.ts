import { closeSync, openSync, readSync } from 'node:fs';
import { unlessRefused } from './descriptors.ts';

/** Where in the `-shm` file SQLite has the lock of whoever writes, and the one of everybody who has it open. */
const WRITE_LOCK = 120;
const PRESENCE_LOCK = 128;

/** A dozen locks of less than a hundred characters each, and what comes before them. */
const LONGEST_TEXT = 4096;

/** The locks that a process has through one descriptor, as Linux tells them. One short read of what is in memory. */
export class HeldLocks {
  readonly #info: number;
  readonly #text = Buffer.alloc(LONGEST_TEXT);

  private constructor(info: number) {
    this.#info = info;
  }

  /**
   * Those of a descriptor of a `-shm` file in use; `undefined` where they cannot be told.
   *
   * @throws HoldfastError `UNAVAILABLE` while the process may open nothing more
   */
  static of(descriptor: number): HeldLocks | undefined {
    if (process.platform !== 'linux') return undefined;
    const info = unlessRefused(() => openSync(`/proc/self/fdinfo/${descriptor}`, 'r'));
    if (info === undefined) return undefined;
    const locks = new HeldLocks(info);
    if (locks.read()?.present === true) return locks;
    locks.close();
    return undefined;
  }

  /**
   * Whether the lock of everybody who has the file open, and that of whoever writes, are held through the descriptor. A
   * lock that the process got through another descriptor, or lost as it closed one, is not. `undefined` when the
   * descriptor is gone.
   */
  read(): { readonly present: boolean; readonly writing: boolean } | undefined {
    let length: number;
    try {
      length = readSync(this.#info, this.#text, 0, LONGEST_TEXT, 0);
    } catch {
      return undefined;
    }
    let [present, writing] = [false, false];
    for (const [, kind, first, last] of this.#text.toString('latin1', 0, length).matchAll(LOCK)) {
      const covers = (byte: number): boolean => Number(first) <= byte && byte <= Number(last);
      present ||= covers(PRESENCE_LOCK);
      writing ||= kind === 'WRITE' && covers(WRITE_LOCK);
    }
    return { present, writing };
  }

  /** Lets go of what it reads from. */
  close(): void {
    closeSync(this.#info);
  }
}

const LOCK = /^lock:.* (READ|WRITE) +\d+ +\S+ +(\d+) +(\d+)$/gm;
