import { readSync } from 'node:fs';

/** Where in the `-shm` file SQLite has the lock of whoever writes, and the one of everybody who has it open. */
const WRITE_LOCK = 120;
const PRESENCE_LOCK = 128;

/** A dozen locks of less than a hundred characters each, and what comes before them. */
const LONGEST_TEXT = 4096;

const LOCK = /^lock:.* (READ|WRITE) +\d+ +\S+ +(\d+) +(\d+)$/gm;

/** Which locks a process has through its descriptor of a `-shm` file. */
export interface HeldLockState {
  /** Whether it has the lock of everybody who has the file open. */
  readonly present: boolean;
  /** Whether it has that of whoever writes. */
  readonly writing: boolean;
}

const text = Buffer.alloc(LONGEST_TEXT);

/**
 * Reads which locks are held through a descriptor, as Linux tells them. A lock that the process got through another descriptor,
 * or lost as it closed one, is not. One short read of what is in memory, which any thread of the process can make.
 *
 * @param info a descriptor of what `/proc/self/fdinfo` says of the one in question
 * @returns `undefined` when that one is gone
 */
export function readHeldLocks(info: number): HeldLockState | undefined {
  let length: number;
  try {
    length = readSync(info, text, 0, LONGEST_TEXT, 0);
  } catch {
    return undefined;
  }
  let [present, writing] = [false, false];
  for (const [, kind, first, last] of text.toString('latin1', 0, length).matchAll(LOCK)) {
    const covers = (byte: number): boolean => Number(first) <= byte && byte <= Number(last);
    present ||= covers(PRESENCE_LOCK);
    writing ||= kind === 'WRITE' && covers(WRITE_LOCK);
  }
  return { present, writing };
}
