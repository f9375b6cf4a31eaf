import { HoldfastError } from '@holdfast/core';
import type { LocalDiskFilesystem } from './local-disk-filesystem.ts';
import { openWith } from './open-with.ts';
import type { LocalDiskOptions } from './options.ts';

/**
 * Opens a directory of the local disk, and holds it open until the filesystem is closed, or forgotten. Any number of
 * filesystems, of any number of processes of this host, may be open on one directory.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` for a malformed or unknown option, or when the root is no directory;
 * `ACCESS_DENIED`; `BUSY` when no descriptor or no memory is left; `UNAVAILABLE` when the root is moved meanwhile;
 * `UNSUPPORTED` on Windows, whose names and renames mean other things
 */
export async function openLocalDisk(options: LocalDiskOptions): Promise<LocalDiskFilesystem> {
  if (process.platform === 'win32') {
    throw new HoldfastError('UNSUPPORTED', 'local disk needs a POSIX file system', { operation: 'open' });
  }
  return await openWith(options);
}
