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

const NO_LIMITS: OperationLimits = { signal: undefined, timeoutMs: undefined };

/** A call as a layer passes it on. */
export interface BoundedCall<O> {
  /** Whether there is nothing to refuse about its path and options; if there is, it has no limits. */
  readonly isWellFormed: boolean;
  readonly operation: BoundedOperation;
  readonly path: string;
  /** A copy, for a layer that passes them on later or more than once: what the caller changes then changes nothing. */
  readonly options: O | undefined;
  readonly limits: OperationLimits;
}

/**
 * The path and the limits of a call. Where there is something to refuse about them, the filesystem below does so, and
 * should not be held up.
 */
export function callLimits<O extends OperationOptions>(
  operation: BoundedOperation,
  path: string,
  options: O | undefined,
): BoundedCall<O> {
  const parse = PARSERS[operation];
  const own = passOnOptions(options, {});
  try {
    const limits = parse.options(own);
    return { isWellFormed: true, operation, path: parse.path(path), options: own, limits };
  } catch {
    return { isWellFormed: false, operation, path, options: own, limits: NO_LIMITS };
  }
}
