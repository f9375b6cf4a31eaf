import { invalidArgument } from '../errors/invalid-argument.ts';
import { childPrefix } from './path-range.ts';
import { parsePath, type DirectoryPath, type VirtualPath } from './virtual-path.ts';

/**
 * Appends segments to a directory and validates the result. Each argument is one or more segments without a
 * leading slash.
 *
 * @throws HoldfastError `INVALID_PATH`; `INVALID_ARGUMENT` for an argument that is no string
 */
export function joinPath(directory: string, ...segments: readonly string[]): VirtualPath {
  for (const part of [directory, ...segments]) {
    if (typeof part !== 'string') throw invalidArgument('each part of a path', 'a string', part);
  }
  return parsePath(childPrefix(directory as DirectoryPath) + segments.join('/'));
}

/** The directory that a path is directly in. */
export function parentOf(path: VirtualPath): DirectoryPath {
  const slash = path.lastIndexOf('/');
  return slash === 0 ? '/' : (path.slice(0, slash) as VirtualPath);
}

/** The last segment of a path. */
export function nameOf(path: VirtualPath): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
