import type { Snapshot } from '@holdfast/core';
import type { OperationContext, PathRange } from '@holdfast/core/adapter';
import type { Disk } from '../disk.ts';
import { findFile } from './find-file.ts';
import { pathsInRange } from './paths-in-range.ts';
import { toSnapshot } from './to-snapshot.ts';

/**
 * The first `limit` entries of a range, in code point order. Reads the bodies of those only; what is gone, or
 * no file any more, when its turn comes is left out.
 *
 * @throws HoldfastError `BODY_TOO_LARGE`, `ACCESS_DENIED`; the error names the entry or directory
 */
export async function scanEntries(
  disk: Disk,
  range: PathRange,
  limit: number,
  context: OperationContext,
): Promise<readonly Snapshot[]> {
  const entries: Snapshot[] = [];
  for await (const path of pathsInRange(disk, range, limit, context)) {
    const body = await findFile(disk, path, context);
    if (typeof body !== 'string') entries.push(toSnapshot(path, body));
    if (entries.length === limit) break;
  }
  return entries;
}
