import type { Snapshot, VirtualPath } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';
import type { Disk } from '../disk.ts';
import { linkRefused, notAFile } from '../refusals.ts';
import { FileReader } from './file-reader.ts';
import { toSnapshot } from './to-snapshot.ts';

/**
 * The entry at a path. A directory there, or a file where the path needs a directory, is no entry.
 *
 * @throws HoldfastError `ACCESS_DENIED` for a symbolic link at the path or on the way there, dangling or not;
 * `CORRUPT` for a FIFO, socket or device; `BODY_TOO_LARGE`
 */
export async function getEntry(
  disk: Disk,
  path: VirtualPath,
  context: OperationContext,
): Promise<Snapshot | undefined> {
  await using files = new FileReader(disk, context);
  const found = await files.read(path);
  if (typeof found !== 'string') return toSnapshot(path, found);
  if (found === 'symbolic-link') throw linkRefused();
  if (found === 'special') throw notAFile();
  return undefined;
}
