import { dirname, resolve } from 'node:path';
import { HoldfastError } from '@holdfast/core';
import { unless } from './calls/errno.ts';
import type { FileCalls } from './calls/file-calls.ts';

const NO_ROOT: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EEXIST', 'ELOOP']);

/**
 * The absolute path of the root, free of symbolic links; made first where the caller wants that.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` when it is no directory
 */
export async function resolveRoot(calls: FileCalls, root: string, create: boolean): Promise<string> {
  if (create) await unless(NO_ROOT, makeDurable(calls, resolve(root)));
  const real = await unless(NO_ROOT, calls.realpath(root));
  if (real === undefined || !(await isDirectory(calls, real))) {
    throw new HoldfastError('INVALID_ARGUMENT', 'root must be an existing directory, or create must be true');
  }
  return real;
}

async function isDirectory(calls: FileCalls, path: string): Promise<boolean> {
  return (await calls.lstat(path)).isDirectory();
}

/** Makes the directories that are missing, and fsyncs whatever got a new name in it, from the bottom up. */
async function makeDurable(calls: FileCalls, root: string): Promise<void> {
  const first = await calls.mkdir(root, { recursive: true });
  if (first === undefined) return;
  for (let made = root; ; made = dirname(made)) {
    await syncDirectory(calls, dirname(made));
    if (made === first || made === dirname(made)) return;
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
