import type { Snapshot } from '@holdfast/core';
import { rangeAfter, type PathRange, type ScanContext } from '@holdfast/core/adapter';
import type { Disk } from '../disk.ts';
import { throwIfGivenUp } from '../give-up.ts';
import { FileReader } from './file-reader.ts';
import { KeptWalk } from './kept-walk.ts';
import { PathWalk } from './path-walk.ts';
import { toSnapshot } from './to-snapshot.ts';

/**
 * The first `limit` entries of a range, in code point order, or fewer if their bodies are `maxBytes` long before. Reads
 * the bodies of those only; what is gone, or no file any more, when its turn comes is left out. A page that begins where
 * the last one of its iteration ended, or behind that, goes on with the names that were read for that.
 *
 * @throws HoldfastError `BODY_TOO_LARGE`, `ACCESS_DENIED`; the error names the entry or directory
 */
export async function scanEntries(
  disk: Disk,
  range: PathRange,
  limit: number,
  context: ScanContext,
): Promise<readonly Snapshot[]> {
  const kept = context.series?.keep(disk, () => new KeptWalk());
  const left = kept?.take(range);
  await left?.refresh(context);
  const walk = left ?? new PathWalk(disk, range);
  await using files = new FileReader(disk, context);
  const entries: Snapshot[] = [];
  let bytes = 0;
  for (let path = await walk.next(context); path !== undefined; path = await walk.next(context)) {
    throwIfGivenUp(context);
    const body = await files.read(path);
    if (typeof body === 'string') continue;
    entries.push(toSnapshot(path, body));
    bytes += body.byteLength;
    if (entries.length < limit && bytes < context.maxBytes) continue;
    kept?.put(walk, rangeAfter(range, path));
    break;
  }
  return entries;
}
