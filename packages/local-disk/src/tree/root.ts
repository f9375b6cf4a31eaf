import type { BigIntStats } from 'node:fs';
import { unless } from '../calls/errno.ts';
import type { FileCalls } from '../calls/file-calls.ts';
import type { Place } from './containment.ts';

/** The directory that was opened as the root, and what tells it from one that is found there later. */
export interface Root {
  /** Its absolute host path, without symbolic links. */
  readonly host: string;
  readonly identity: Pick<BigIntStats, 'dev' | 'ino' | 'birthtimeNs' | 'ctimeNs'>;
}

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
  return top !== undefined && isSame(root.identity, top);
}

/**
 * An inode number is given to a new directory as soon as its old one is removed, so the time of birth is looked
 * at too: unless both are equal to the time of change, which is what Node shows where there is no time of birth.
 */
function isSame(known: Root['identity'], found: Root['identity']): boolean {
  if (known.dev !== found.dev || known.ino !== found.ino) return false;
  return known.birthtimeNs === found.birthtimeNs || !(tellsBirth(known) || tellsBirth(found));
}

function tellsBirth({ birthtimeNs, ctimeNs }: Root['identity']): boolean {
  return birthtimeNs !== ctimeNs;
}
