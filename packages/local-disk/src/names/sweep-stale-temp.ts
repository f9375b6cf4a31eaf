import { clock } from '@holdfast/core/adapter';
import type { Directory } from '../tree/directory.ts';

/**
 * How long a temporary file must have been left alone, in milliseconds, before it counts as left behind by a
 * crash: one hour. A writer touches its file with every few megabytes, so a live one is long past that only
 * if it was suspended; it then finds its file gone, has published nothing, and starts over.
 */
export const STALE_TEMP_MS = 3_600_000;

/**
 * Removes a temporary file if it is stale. Names are never used twice, so what is removed is what was looked
 * at. Whatever goes wrong, it is left for the next reader: reads must work on a disk that cannot be written.
 *
 * @returns whether the file is gone
 */
export async function sweepStaleTemp(directory: Directory, name: string): Promise<boolean> {
  try {
    const found = await directory.calls.lstat(directory.at(name));
    if (!found.isFile() || clock.dateNow() - found.mtimeMs < STALE_TEMP_MS) return false;
    await directory.calls.unlink(directory.at(name));
    return true;
  } catch {
    return false;
  }
}
