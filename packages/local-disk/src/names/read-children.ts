import { MAX_PATH_BYTES } from '@holdfast/core';
import { childPrefix, utf8Length } from '@holdfast/core/adapter';
import { errnoOf } from '../calls/errno.ts';
import type { Directory } from '../tree/directory.ts';
import { decodeName } from './decode-name.ts';
import { Least } from './least.ts';
import { readNames, type Name } from './read-names.ts';
import { sweepStaleTemp } from './sweep-stale-temp.ts';
import { isTempName } from './temp-name.ts';

/** A file or directory that has a path. */
export interface DiskChild {
  readonly name: string;
  readonly isDirectory: boolean;
}

/** Which of the children of a directory somebody wants to know. By default all of them. */
export interface Wanted {
  /** Ends the reading with the first child of which this is so. */
  readonly isEnough?: (child: DiskChild) => boolean;
  /** Leaves children out, before anything is asked about them. */
  readonly includes?: (child: DiskChild) => boolean;
  /** Gives the least ones only, in the code point order of their keys, and holds no more than that in memory. */
  readonly least?: { readonly most: number; readonly keyOf: (child: DiskChild) => string };
  /** Runs before the first name is read. */
  readonly before?: (directory: Directory) => Promise<void>;
}

/** What a directory holds, of what was wanted. */
export interface DirectoryContents {
  /** In no particular order. */
  readonly children: readonly DiskChild[];
  /** Whether there may be more than the least ones. */
  readonly more: boolean;
  /** How many names were read, of whatever. */
  readonly names: number;
  /** How many temporary files remain, after the stale ones were removed. */
  readonly temps: number;
}

/**
 * Reads the names in a directory, and in passing removes stale temporary files. Left out is everything that no path
 * reaches: names that are no segments or make the path too long, reserved names, symbolic links, FIFOs, sockets and
 * devices.
 *
 * @returns `undefined` when the directory was removed or moved meanwhile
 */
export async function readChildren(directory: Directory, wanted: Wanted = {}): Promise<DirectoryContents | undefined> {
  const { isEnough, includes, least, before } = wanted;
  const roomForName = MAX_PATH_BYTES - utf8Length(childPrefix(directory.path));
  const kept = new Least<DiskChild>(least?.most ?? Infinity);
  const all: DiskChild[] = [];
  let [names, temps] = [0, 0];
  let more = false;
  try {
    await before?.(directory);
    for await (const entry of readNames(directory)) {
      names += 1;
      // As it will be if the name is one at all. That is looked at last: of a large directory few names get so far.
      const child = toChild(entry);
      if (child === undefined || includes?.(child) === false) continue;
      const key = least?.keyOf(child);
      if (key !== undefined && !kept.wouldKeep(key)) {
        more = true;
        continue;
      }
      if (decodeName(entry.name) === undefined || utf8Length(child.name) > roomForName) continue;
      if (isTempName(child.name)) {
        temps += (await sweepStaleTemp(directory, child.name)) ? 0 : 1;
        continue;
      }
      if (key === undefined) all.push(child);
      else {
        more ||= kept.isFull;
        kept.keep(key, child);
      }
      if (isEnough?.(child) === true) break;
    }
  } catch (error) {
    if (!GONE.has(errnoOf(error) ?? '')) throw error;
    return undefined;
  }
  if (!(await directory.wasRead())) return undefined;
  return { children: least === undefined ? all : kept.items(), more, names, temps };
}

/** ENOENT also when a child goes, on a file system that has to be asked for each one's type. */
const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

function toChild(entry: Name): DiskChild | undefined {
  const isDirectory = entry.isDirectory();
  return isDirectory || entry.isFile() ? { name: entry.name.toString('utf8'), isDirectory } : undefined;
}
