import type { HoldfastError } from '../errors/holdfast-error.ts';
import { ownError } from '../errors/own-error.ts';
import { errorOf, type Named } from '../operations/named.ts';
import { utf8Length } from '../paths/code-points.ts';
import { MAX_PATH_BYTES, type DirectoryPath } from '../paths/virtual-path.ts';
import type { Capabilities } from './capabilities.ts';

/** Tells an operation what is claimed at a path, which may be anything. */
export interface Claimant {
  claims(operation: Named, path: DirectoryPath): Capabilities | undefined;
}

/**
 * Refuses a path that is longer than the backend takes there.
 *
 * @param path which one, of an operation that has several
 * @throws HoldfastError `INVALID_PATH`
 */
export function gatePath(
  claimed: Capabilities | undefined,
  operation: Named,
  path: string | undefined = operation.path,
): void {
  const { maxPathBytes = MAX_PATH_BYTES } = claimed ?? {};
  // No path is longer than that, so nothing has to be measured.
  if (maxPathBytes >= MAX_PATH_BYTES || utf8Length(path ?? '') <= maxPathBytes) return;
  throw errorOf(operation, 'INVALID_PATH', `a path must be at most ${maxPathBytes} UTF-8 bytes here`, { path });
}

/**
 * Refuses `casUpdate` unless the path is versioned and takes records. Whatever else a filesystem answers,
 * also something that is no capabilities at all, is a refusal.
 *
 * @throws HoldfastError `CAS_UNSUPPORTED`
 */
export function gateCas(claimed: Capabilities | undefined, path: string): void {
  const missing = claimed?.cas !== 'versioned' ? 'cas' : claimed.records !== true ? 'records' : undefined;
  if (missing === undefined) return;
  throw ownError('CAS_UNSUPPORTED', 'this path cannot compare-and-swap records', {
    operation: 'casUpdate',
    path,
    capability: missing,
  });
}

/**
 * The refusal of a call that needs a capability which is not claimed: `UNSUPPORTED`.
 *
 * @param what it is; by default the capability itself
 */
export function refusal(
  operation: Named,
  capability: keyof Capabilities,
  what = `capability "${capability}"`,
): HoldfastError {
  const message = `this path does not have the ${what} that the call needs`;
  return errorOf(operation, 'UNSUPPORTED', message, { capability });
}
