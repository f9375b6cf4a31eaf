import { parseEntriesOptions, parseListOptions } from '../filesystem/list-options.ts';
import { parseOperationOptions, type OperationLimits, type OperationOptions } from '../filesystem/operation-options.ts';
import { passOnOptions } from '../filesystem/pass-on-options.ts';
import { parseDirectory, parsePath, type DirectoryPath } from '../paths/virtual-path.ts';

/** The operations that a layer bounds. */
export type BoundedOperation = 'get' | 'put' | 'delete' | 'list' | 'entries';

interface Parsers {
  readonly path: (path: string) => DirectoryPath;
  readonly options: (options: unknown) => OperationLimits;
}

const ENTRY: Parsers = { path: parsePath, options: parseOperationOptions };

const PARSERS: Record<BoundedOperation, Parsers> = {
  get: ENTRY,
  put: ENTRY,
  delete: ENTRY,
  list: { path: parseDirectory, options: parseListOptions },
  entries: { path: parseDirectory, options: parseEntriesOptions },
};

/** A call whose path and options are well-formed. */
export interface BoundedCall<O> {
  readonly operation: BoundedOperation;
  readonly path: DirectoryPath;
  /** A copy, for a layer that passes them on later or more than once: what the caller changes then changes nothing. */
  readonly options: O | undefined;
  readonly limits: OperationLimits;
}

/**
 * The path and the limits of a call; `undefined` when there is something to refuse about them, which the filesystem
 * below does without being held up.
 */
export function callLimits<O extends OperationOptions>(
  operation: BoundedOperation,
  path: string,
  options: O | undefined,
): BoundedCall<O> | undefined {
  const parse = PARSERS[operation];
  try {
    const own = passOnOptions(options, {});
    return { operation, path: parse.path(path), options: own, limits: parse.options(own) };
  } catch {
    return undefined;
  }
}
