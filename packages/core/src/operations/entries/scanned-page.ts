import type { Snapshot } from '../../entries/entry.ts';
import { ownError } from '../../errors/own-error.ts';
import { compareCodePoints } from '../../paths/code-points.ts';
import type { PathRange } from '../../paths/path-range.ts';
import { checkArray } from '../check-array.ts';

/** What a scan gave. */
export interface ScannedPage {
  readonly entries: readonly Snapshot[];
  /** Whether nothing of the range comes behind them. */
  readonly ended: boolean;
}

/** What a scan was asked for. */
export interface AskedOfScan {
  readonly range: PathRange;
  readonly limit: number;
  readonly maxBytes: number;
}

/**
 * Makes what an adapter answered to a scan a page. A short one is the last, unless its bodies are as many bytes as were
 * enough.
 *
 * @throws TypeError for what is no array
 * @throws HoldfastError `CORRUPT` for one that would make going on after it go in circles
 */
export function scannedPage(entries: readonly Snapshot[], { range, limit, maxBytes }: AskedOfScan): ScannedPage {
  checkArray(entries);
  if (entries.length > limit || !entries.every(({ path }) => compareCodePoints(path, range.from) >= 0)) {
    throw ownError(
      'CORRUPT',
      'the adapter answered a scan with more than `limit` entries, or with one before `from` in code point order',
    );
  }
  return { entries, ended: entries.length < limit && bytesOf(entries) < maxBytes };
}

/** How many entries can be asked for so that their bodies are at most `maxBytes`, if none is longer than it may be. */
export function entriesWithin(maxBytes: number, maxBodyBytes: number, limit: number): number {
  const within = Math.floor(maxBytes / maxBodyBytes);
  // An adapter that names no limit (which its claims must) gets what the caller asked for.
  return Number.isNaN(within) ? limit : Math.max(1, Math.min(limit, within));
}

function bytesOf(entries: readonly Snapshot[]): number {
  return entries.reduce((sum, { body }) => sum + body.byteLength, 0);
}
