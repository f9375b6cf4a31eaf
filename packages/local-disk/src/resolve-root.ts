import { dirname, resolve } from 'node:path';
import { HoldfastError } from '@holdfast/core';
import { errnoOf, unless } from './calls/errno.ts';
import type { FileCalls } from './calls/file-calls.ts';
import type { Root } from './tree/root.ts';

const NO_ROOT: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);
/** Something is there. macOS answers EISDIR for `/`. */
const THERE: ReadonlySet<string> = new Set(['EEXIST', 'EISDIR']);

/**
 * The root, by its absolute path free of symbolic links; made first where the caller wants that.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` when it is no directory, or there can be none at its path
 */
export async function resolveRoot(calls: FileCalls, root: string, create: boolean): Promise<Root> {
  const found = await look(calls, root);
  if (found !== undefined) return found;
  if (!create) throw noRoot('root must be an existing directory, or create must be true');
  await unless(NO_ROOT, makeDurable(calls, resolve(root)));
  const made = await look(calls, root);
  if (made === undefined) throw noRoot('root must be a directory, or a path where one can be made');
  return made;
}

function noRoot(message: string): HoldfastError {
  return new HoldfastError('INVALID_ARGUMENT', message);
}

async function look(calls: FileCalls, root: string): Promise<Root | undefined> {
  const host = await unless(NO_ROOT, calls.realpath(root));
  if (host === undefined) return undefined;
  const identity = await unless(NO_ROOT, calls.lstat(host, { bigint: true }));
  return identity?.isDirectory() === true ? { host, identity } : undefined;
}

/**
 * Makes the directories that are missing, one by one from the top, and fsyncs whatever got a new name in it, from
 * the bottom up. Not by `recursive: true`, with which Node tries forever where no directory can be made although
 * the one above is there, as in `/proc/self`.
 */
async function makeDurable(calls: FileCalls, root: string): Promise<void> {
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
  for (const next of made.toReversed()) await syncDirectory(calls, dirname(next));
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
