import type { Stats } from 'node:fs';
import { unless } from '../calls/errno.ts';
import type { Directory } from './directory.ts';

/** What a name in a directory stands for. `special` is a FIFO, a socket or a device. */
export type Kind = 'missing' | 'file' | 'directory' | 'symbolic-link' | 'special';

const MISSING: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

/** Looks at a name without following or opening it. */
export async function lookAt(directory: Directory, name: string): Promise<Kind> {
  const found = await unless(MISSING, directory.calls.lstat(directory.at(name)));
  return found === undefined ? 'missing' : kindOf(found);
}

/** What the system says something is. */
export function kindOf(found: Stats): Exclude<Kind, 'missing'> {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'directory';
  return found.isSymbolicLink() ? 'symbolic-link' : 'special';
}
