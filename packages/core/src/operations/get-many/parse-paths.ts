import { HoldfastError, isHoldfastError } from '../../errors/holdfast-error.ts';
import { readArray } from '../../filesystem/check-options.ts';
import { parsePath, type VirtualPath } from '../../paths/virtual-path.ts';

/** The most paths of one `getMany`: as many as entries of one page. */
export const MAX_GET_MANY_PATHS = 1000;

/**
 * The paths of a `getMany`, each looked at once.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`, `INVALID_PATH`, with the place of the one that is wrong
 */
export function parsePaths(paths: unknown): readonly VirtualPath[] {
  const given = readArray('paths', paths);
  if (given.length > MAX_GET_MANY_PATHS) {
    throw new HoldfastError('INVALID_ARGUMENT', `paths must be at most ${MAX_GET_MANY_PATHS}; got ${given.length}`);
  }
  for (const [place, path] of given.entries()) checkPath(place, path);
  return given as readonly VirtualPath[];
}

function checkPath(place: number, path: unknown): void {
  try {
    parsePath(path as string);
  } catch (thrown) {
    if (!isHoldfastError(thrown)) throw thrown;
    throw new HoldfastError(thrown.code, `paths[${place}]: ${thrown.message}`);
  }
}
