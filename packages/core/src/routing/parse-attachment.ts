import { isHoldfastError, HoldfastError } from '../errors/holdfast-error.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { parseDirectory, type DirectoryPath } from '../paths/virtual-path.ts';

/**
 * Checks a directory among the arguments of a mount table, a view or a layer.
 *
 * @throws HoldfastError `INVALID_PATH`, with the name of the argument in the message
 */
export function parseAttachment(name: string, value: unknown): DirectoryPath {
  try {
    return parseDirectory(value as string);
  } catch (thrown) {
    if (!isHoldfastError(thrown)) throw thrown;
    throw new HoldfastError(thrown.code, `${name}: ${thrown.message}`);
  }
}

/**
 * Checks that an argument is a filesystem.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`, most often for the promise that an `open` function gives
 */
export function parseFilesystem(name: string, value: unknown): RootFilesystem {
  if (isFilesystem(value)) return value;
  throw invalidArgument(name, 'an opened filesystem, awaited', value);
}

/** Whether a value has the methods of one; what throws when it is looked at has not. */
function isFilesystem(value: unknown): value is RootFilesystem {
  try {
    const filesystem = value as Partial<RootFilesystem> | null | undefined;
    return typeof filesystem?.capabilitiesAt === 'function' && typeof filesystem.get === 'function';
  } catch {
    return false;
  }
}
