import type { DirectoryPath } from '@holdfast/core';
import { compareCodePoints, rangeBelow, type PathRange } from '@holdfast/core/adapter';

/** The deepest directory that everything in a range is below: where a scan has to start. */
export function rangeDirectory(range: PathRange): DirectoryPath {
  let slash = range.from.lastIndexOf('/');
  for (; slash > 0; slash = range.from.lastIndexOf('/', slash - 1)) {
    const directory = range.from.slice(0, slash) as DirectoryPath;
    if (compareCodePoints(range.below, rangeBelow(directory).below) <= 0) return directory;
  }
  return '/';
}
