import type { BigIntStats } from 'node:fs';
import type { FileCalls } from '../calls/file-calls.ts';
import { unless } from '../calls/errno.ts';
import type { Containment, Place } from './containment.ts';
import { isBelowRoot } from './root.ts';

const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/**
 * Wherever there is no `/proc`: calls go through the path, and are trusted only while the path, free of
 * symbolic links, leads to the very directory that is held open. Between a check and the call somebody who
 * may rename directories of the tree can still redirect one call; the README tells what that could do.
 */
export const BY_PATH_CHECKS: Containment = {
  kind: 'path-checks',
  reach: hostPath,
  holds,
  held: holds,
  async heldFile(calls, place, file, name) {
    // In this order: a redirection has to be undone and redone between the two to go unnoticed.
    if (!(await holds(calls, place))) return false;
    const here = await statAt(calls, `${hostPath(place)}/${name}`);
    return here !== undefined && same(here, await file.stat({ bigint: true }));
  },
};

async function holds(calls: FileCalls, place: Place): Promise<boolean> {
  const { handle, host } = place;
  const held = await handle.stat({ bigint: true });
  const here = await statAt(calls, host);
  if (here === undefined || !same(here, held)) return false;
  if (!(await isBelowRoot(calls, place, hostPath(place)))) return false;
  // Last, so that a link that comes before the very end of the check is seen.
  return (await unless(GONE, calls.realpath(host))) === host;
}

function hostPath({ host }: Place): string {
  return host === '/' ? '' : host;
}

function statAt(calls: FileCalls, host: string): Promise<BigIntStats | undefined> {
  return unless(GONE, calls.lstat(host, { bigint: true }));
}

function same(a: BigIntStats, b: BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}
