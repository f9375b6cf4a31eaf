import { dirname, resolve } from 'node:path';
import { HoldfastError } from '@holdfast/core';
import { errnoOf, unless } from './calls/errno.ts';
import type { FileCalls } from './calls/file-calls.ts';
import { Root } from './tree/root.ts';

/** Why there is no root, by what the system answered. */
const REASONS = {
  ENOENT: 'root does not exist, and is made only if create is true',
  ENOTDIR: 'root is no directory, or is below something that is none',
  ELOOP: 'root leads through symbolic links that lead back to themselves',
} as const;

type NoRoot = keyof typeof REASONS;

const NO_ROOT: ReadonlySet<string> = new Set(Object.keys(REASONS));

/** Something is there. macOS answers EISDIR for `/`. */
const THERE: ReadonlySet<string> = new Set(['EEXIST', 'EISDIR']);

/**
 * The root, opened by its absolute path free of symbolic links; made first where the caller wants that.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` when it is no directory, or there can be none at its path
 */
export async function resolveRoot(calls: FileCalls, root: string, create: boolean): Promise<Root> {
  const found = await look(calls, root);
  if (found instanceof Root) return found;
  if (!create) throw new HoldfastError('INVALID_ARGUMENT', REASONS[found]);
  const names = (await unless(NO_ROOT, makeMissing(calls, resolve(root)))) ?? [];
  // Outside of the above: what cannot be found to be fsynced is not durable.
  for (const name of names) await syncDirectory(calls, dirname(name));
  const made = await look(calls, root);
  if (made instanceof Root) return made;
  throw new HoldfastError('INVALID_ARGUMENT', made === 'ENOENT' ? 'no root can be made at its path' : REASONS[made]);
}

async function look(calls: FileCalls, root: string): Promise<Root | NoRoot> {
  try {
    const host = await calls.realpath(root);
    return (await Root.open(calls, host)) ?? 'ENOTDIR';
  } catch (error) {
    const errno = errnoOf(error) ?? '';
    if (!isNoRoot(errno)) throw error;
    return errno;
  }
}

function isNoRoot(errno: string): errno is NoRoot {
  return NO_ROOT.has(errno);
}

/**
 * Makes the directories that are missing, one by one from the top, and gives them from the bottom up. Not by `recursive: true`, with which Node tries forever where no directory can be made although
 * the one above is there, as in `/proc/self`.
 */
async function makeMissing(calls: FileCalls, root: string): Promise<readonly string[]> {
  const missing: string[] = [];
  let path = root;
  while (!(await makeOne(calls, path))) {
    missing.push(path);
    path = dirname(path);
  }
  const made = [path];
  for (const next of missing.toReversed()) {
    await unless(THERE, calls.mkdir(next));
    made.push(next);
  }
  return made.toReversed();
}

/** Makes a directory whose parent is there; `false` when that is not. One that is there already will do. */
async function makeOne(calls: FileCalls, path: string): Promise<boolean> {
  try {
    await unless(THERE, calls.mkdir(path));
    return true;
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || path === dirname(path)) throw error;
    return false;
  }
}

async function syncDirectory(calls: FileCalls, path: string): Promise<void> {
  const handle = await calls.open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
