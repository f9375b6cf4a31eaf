import { parseEntriesOptions, parseListOptions } from '../filesystem/list-options.ts';
import { parseOperationOptions, type OperationLimits } from '../filesystem/operation-options.ts';
import { parseDirectory, type DirectoryPath } from '../paths/virtual-path.ts';

/** The operations that a layer bounds. */
export type BoundedOperation = 'get' | 'put' | 'delete' | 'list' | 'entries';

const PARSERS: Record<BoundedOperation, (options: unknown) => OperationLimits> = {
  get: parseOperationOptions,
  put: parseOperationOptions,
  delete: parseOperationOptions,
  list: parseListOptions,
  entries: parseEntriesOptions,
};

/**
 * The path and the limits of a call; `undefined` when there is something to refuse about them, which the filesystem
 * below does without being held up.
 */
export function callLimits(
  operation: BoundedOperation,
  path: string,
  options: unknown,
): { readonly path: DirectoryPath; readonly limits: OperationLimits } | undefined {
  try {
    return { path: parseDirectory(path), limits: PARSERS[operation](options) };
  } catch {
    return undefined;
  }
}
