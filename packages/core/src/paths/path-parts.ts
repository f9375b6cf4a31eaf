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

/** The directory that a path is directly in. @throws HoldfastError `INVALID_ARGUMENT` for what is no string */
export function parentOf(path: VirtualPath): DirectoryPath {
  checkText(path);
  const slash = path.lastIndexOf('/');
  return slash === 0 ? '/' : (path.slice(0, slash) as VirtualPath);
}

/** The last segment of a path. @throws HoldfastError `INVALID_ARGUMENT` for what is no string */
export function nameOf(path: VirtualPath): string {
  checkText(path);
  return path.slice(path.lastIndexOf('/') + 1);
}

function checkText(path: unknown): void {
  if (typeof path !== 'string') throw invalidArgument('path', 'a string', path);
}
