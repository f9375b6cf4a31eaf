import { nameOf } from '@holdfast/core';
import type { OperationContext, PutRequest } from '@holdfast/core/adapter';
import type { Disk } from '../disk.ts';
import { entryExists, linkRefused, notAFile } from '../refusals.ts';
import type { Directory } from '../tree/directory.ts';
import { lookAt } from '../tree/look-at.ts';
import { clearDirectory } from './clear-directory.ts';

/**
 * Checks that an entry can be published at its path, before anything is written. What comes there afterwards
 * is met by the publishing call itself, which neither follows a symbolic link nor replaces a directory.
 *
 * @throws HoldfastError `VERSION_MISMATCH`, `PATH_CONFLICT`, `ACCESS_DENIED`, `CORRUPT`, `BUSY`
 */
export async function readyPlace(
  disk: Disk,
  directory: Directory,
  { path, expectation }: PutRequest,
  context: OperationContext,
): Promise<void> {
  const kind = await lookAt(directory, nameOf(path));
  if (kind === 'symbolic-link') throw linkRefused();
  if (kind === 'special') throw notAFile();
  if (kind === 'file' && expectation === 'absent') throw entryExists();
  if (kind === 'directory') await clearDirectory(disk, path, context);
}
