import type { Dirent } from 'node:fs';
import { MAX_PATH_BYTES } from '@holdfast/core';
import { childPrefix, utf8Length } from '@holdfast/core/adapter';
import { errnoOf } from '../calls/errno.ts';
import type { Directory } from '../tree/directory.ts';
import { decodeName } from './decode-name.ts';
import { readNames } from './read-names.ts';
import { sweepStaleTemp } from './sweep-stale-temp.ts';
import { isTempName } from './temp-name.ts';

/** A file or directory that has a path. */
export interface DiskChild {
  readonly name: string;
  readonly isDirectory: boolean;
}

/** What a directory holds. */
export interface DirectoryContents {
  /** In no particular order. */
  readonly children: readonly DiskChild[];
  /** How many temporary files remain, after the stale ones were removed. */
  readonly temps: number;
}

/**
 * Reads the names in a directory, up to the first child that is enough, and in passing removes stale temporary
 * files. Left out is everything that no path reaches: names that are no segments or make the path too long,
 * reserved names, symbolic links, FIFOs, sockets and devices.
 *
 * @returns `undefined` when the directory was removed or moved meanwhile
 */
export async function readChildren(
  directory: Directory,
  isEnough: (child: DiskChild) => boolean = () => false,
): Promise<DirectoryContents | undefined> {
  const roomForName = MAX_PATH_BYTES - utf8Length(childPrefix(directory.path));
  const children: DiskChild[] = [];
  let temps = 0;
  try {
    for await (const entry of readNames(directory)) {
      const child = toChild(entry, roomForName);
      if (child === undefined) continue;
      if (isTempName(child.name)) temps += (await sweepStaleTemp(directory, child.name)) ? 0 : 1;
      else {
        children.push(child);
        if (isEnough(child)) break;
      }
    }
  } catch (error) {
    if (!GONE.has(errnoOf(error) ?? '')) throw error;
    return undefined;
  }
  return (await directory.wasRead()) ? { children, temps } : undefined;
}

/** ENOENT also when a child goes, on a file system that has to be asked for each one's type. */
const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

function toChild(entry: Dirent<Buffer>, roomForName: number): DiskChild | undefined {
  const isDirectory = entry.isDirectory();
  if (!isDirectory && !entry.isFile()) return undefined;
  const name = decodeName(entry.name);
  return name === undefined || utf8Length(name) > roomForName ? undefined : { name, isDirectory };
}
