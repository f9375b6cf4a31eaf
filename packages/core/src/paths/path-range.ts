import { compareCodePoints } from './code-points.ts';
import type { DirectoryPath } from './virtual-path.ts';

/**
 * A half-open range of paths in code point order: `from <= path < below`. The bounds are strings to compare
 * with and need not be valid paths.
 */
export interface PathRange {
  readonly from: string;
  readonly below: string;
}

// '/' is U+002F, so everything under "/a" lies from "/a/" up to, not including, "/a0".
const AFTER_SLASH = '0';
// No path has a character below U+0020, so this is the least extension of any string.
const LEAST = '\u0001';

/** What every path below a directory starts with: `/` for the root, else the directory and a slash. */
export function childPrefix(directory: DirectoryPath): string {
  return directory === '/' ? '/' : `${directory}/`;
}

/** The range of all paths below a directory, which itself is not in it. */
export function rangeBelow(directory: DirectoryPath): PathRange {
  const prefix = childPrefix(directory);
  return { from: prefix, below: prefix.slice(0, -1) + AFTER_SLASH };
}

/** The same range without `path` and everything that sorts before it. `path` need not be in the range. */
export function rangeAfter(range: PathRange, path: string): PathRange {
  return compareCodePoints(path, range.from) < 0 ? range : { from: path + LEAST, below: range.below };
}

/** The beginning of what is behind a path: before every other text that sorts after it. */
export function behind(path: string): string {
  return path + LEAST;
}

/** A path that is none of those at or behind `from`, and close before it. `from` is the beginning or end of a range. */
export function startOf(from: string): DirectoryPath {
  const at = from.slice(0, -1);
  // It is behind a path, at the beginning of what is below a directory, or at the end of that.
  const path = from.endsWith(AFTER_SLASH) ? `${at}/${GREATEST}` : at;
  return path === '' ? '/' : (path as DirectoryPath);
}

// What a name that sorts after all others begins with.
const GREATEST = '\u{10ffff}';
