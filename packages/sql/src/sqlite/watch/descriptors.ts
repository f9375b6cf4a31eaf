import { HoldfastError } from '@holdfast/core';
import { fstatSync, readdirSync, readFileSync, statSync, type BigIntStats } from 'node:fs';

/** What tells a file from every other one of the host, whatever name it has. */
export type FileId = string;

/** The file at a path: `null` when there is none, `undefined` when that cannot be told. */
export function fileAt(path: string): FileId | null | undefined {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? null : idOf(stats);
  } catch {
    return undefined;
  }
}

/** The file that a descriptor of this process leads to; `undefined` when it leads to none. */
export function fileBehind(descriptor: number): FileId | undefined {
  try {
    return idOf(fstatSync(descriptor, { bigint: true }));
  } catch {
    return undefined;
  }
}

/**
 * The descriptors of this process through which a file may be written, whoever opened them; `undefined` when they cannot
 * be listed. What only reads, such as a copy under way, counts on Linux alone not, since nobody else tells. Costs a call
 * of the system for every descriptor of the process, some 5 µs each.
 *
 * @throws HoldfastError `UNAVAILABLE` with outcome `'not-applied'` while the process may open nothing more
 */
export function writersOf(file: FileId): readonly number[] | undefined {
  const descriptors = unlessRefused(() => readdirSync('/dev/fd').map(Number));
  return descriptors?.filter((descriptor) => fileBehind(descriptor) === file && mayWrite(descriptor));
}

/**
 * What a look at the process itself answers; `undefined` where there is nothing to be seen.
 *
 * @throws HoldfastError as {@link writersOf}: what is only for now is never taken for that
 */
export function unlessRefused<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EMFILE' && code !== 'ENFILE') return undefined;
    const message = 'no descriptor is free to look who has the database file open';
    throw new HoldfastError('UNAVAILABLE', message, { outcome: 'not-applied', cause });
  }
}

function idOf({ dev, ino }: BigIntStats): FileId {
  return `${dev}:${ino}`;
}

function mayWrite(descriptor: number): boolean {
  if (process.platform !== 'linux') return true;
  // Of the flags in octal, the last digit has how it was opened: 0 is for reading only.
  const info = unlessRefused(() => readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'));
  const [, last] = /^flags:\s*\d*([0-7])$/m.exec(info ?? '') ?? [];
  // Without an answer it was closed meanwhile, or is one of which nothing is told.
  if (last === undefined) return fileBehind(descriptor) !== undefined;
  return Number(last) % READ_OR_WRITE !== 0;
}

/** How many ways there are to open a file: to read it, to write it, and both. */
const READ_OR_WRITE = 4;
