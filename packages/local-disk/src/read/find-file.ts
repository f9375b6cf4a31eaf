import { nameOf, parentOf, type VirtualPath } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';
import { errnoOf } from '../calls/errno.ts';
import { OPEN_FOR_READING } from '../calls/open-flags.ts';
import type { Disk } from '../disk.ts';
import { withDiskErrors } from '../errors.ts';
import { busy, fileTooLarge } from '../refusals.ts';
import type { Directory } from '../tree/directory.ts';
import { kindOf, lookAt, type Kind } from '../tree/look-at.ts';
import { readBody } from './read-body.ts';

/** Why there is no body to read at a path. */
export type NoFile = Exclude<Kind, 'file'>;

const NO_FILE: Readonly<Record<string, NoFile>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  ELOOP: 'symbolic-link',
  EMLINK: 'symbolic-link',
  // What opening a socket, or a device without a driver, answers.
  ENXIO: 'special',
  ENODEV: 'special',
  EOPNOTSUPP: 'special',
};

// Only under path checks can an open file be another one than the path then shows, as when a writer replaced it in
// between; or can it be missing because the directory was.
const READ_ATTEMPTS = 16;

/**
 * The bytes of the file at a path, or why there are none. Costs two opens and the reads.
 *
 * @throws HoldfastError that names the path; `BODY_TOO_LARGE` before any of it is in memory
 */
export function findFile(disk: Disk, path: VirtualPath, context: OperationContext): Promise<Uint8Array | NoFile> {
  return withDiskErrors(async () => {
    for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
      const parent = await disk.tree.open(parentOf(path));
      if (typeof parent === 'string') return parent === 'symbolic-link' ? parent : 'missing';
      await using directory: Directory = parent;
      const found = await readFile(disk, directory, path, context);
      if (found !== 'redirected') return found;
    }
    throw busy('the file was replaced during every attempt to read it');
  }, path);
}

async function readFile(
  disk: Disk,
  directory: Directory,
  path: VirtualPath,
  context: OperationContext,
): Promise<Uint8Array | NoFile | 'redirected'> {
  const name = nameOf(path);
  let opened;
  try {
    opened = await disk.calls.open(directory.at(name), OPEN_FOR_READING);
  } catch (error) {
    const reason = NO_FILE[errnoOf(error) ?? ''];
    if (reason === undefined) throw error;
    // A file of a disk that is gone is answered like a socket.
    if (reason === 'special' && (await lookAt(directory, name)) === 'file') throw error;
    return (await directory.wasRead()) ? reason : 'redirected';
  }
  await using file = opened;
  if (!(await directory.hasOpen(file, name))) return 'redirected';
  const found = await file.stat();
  const kind = kindOf(found);
  if (kind !== 'file') return kind;
  if (found.size > disk.maxBodyBytes) throw fileTooLarge(path, disk.maxBodyBytes);
  return await readBody(file, found.size, context);
}
