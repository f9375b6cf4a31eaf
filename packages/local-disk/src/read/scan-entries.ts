import type { Snapshot } from '@holdfast/core';
import type { PathRange, ScanContext } from '@holdfast/core/adapter';
import type { Disk } from '../disk.ts';
import { findFile } from './find-file.ts';
import { pathsInRange } from './paths-in-range.ts';
import { toSnapshot } from './to-snapshot.ts';

/**
 * The first `limit` entries of a range, in code point order, or fewer if their bodies are `maxBytes` long before. Reads
 * the bodies of those only; what is gone, or no file any more, when its turn comes is left out.
 *
 * @throws HoldfastError `BODY_TOO_LARGE`, `ACCESS_DENIED`; the error names the entry or directory
 */
export async function scanEntries(
  disk: Disk,
  range: PathRange,
  limit: number,
  context: ScanContext,
): Promise<readonly Snapshot[]> {
  const entries: Snapshot[] = [];
  let bytes = 0;
  for await (const path of pathsInRange(disk, range, limit, context)) {
    const body = await findFile(disk, path, context);
    if (typeof body === 'string') continue;
    entries.push(toSnapshot(path, body));
    bytes += body.byteLength;
    if (entries.length === limit || bytes >= context.maxBytes) break;
  }
  return entries;
}
