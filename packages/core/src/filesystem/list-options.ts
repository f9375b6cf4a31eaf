import { invalidArgument } from '../errors/invalid-argument.ts';
import { isSegment, parsePath, type VirtualPath } from '../paths/virtual-path.ts';
import { checkInteger, checkOptions } from './check-options.ts';
import { OPERATION_KEYS, parseOperationOptions } from './operation-options.ts';

/** The most children or entries of one page. Bounds the memory and the backend's work of one call. */
export const MAX_PAGE_SIZE = 1000;

/** The page size when the caller names none. */
export const DEFAULT_PAGE_SIZE = 100;

/**
 * The most bytes of bodies of one page of `entries`, and how many there are when the caller names none, in bytes: 32 MiB.
 * Enough to make round trips rare, little enough for a small container.
 */
export const MAX_PAGE_BYTES: number = 32 * 1024 * 1024;

/** What the adapter's `_list` is asked for. */
export interface ListRequest {
  /** Only names that sort after this one. */
  readonly after: string | undefined;
  /** At most this many; one more than the caller's limit, so up to 1,001. */
  readonly limit: number;
}

/** Which entries, and how much of them at once. */
export interface EntriesRequest {
  readonly after: VirtualPath | undefined;
  readonly pageSize: number;
  readonly pageBytes: number;
}

type Limits = ReturnType<typeof parseOperationOptions>;

/**
 * Checks the options of `list`.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseListOptions(value: unknown): Limits & ListRequest {
  const known = [...OPERATION_KEYS, 'after', 'limit'] as const;
  const { after, limit } = checkOptions(value, known);
  if (after !== undefined && !isSegment(after)) throw invalidArgument('after', 'the name of a child', after);
  return { ...parseOperationOptions(value, known), after, limit: checkPageSize('limit', limit) };
}

/**
 * Checks the options of `entries`.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`, `INVALID_PATH`
 */
export function parseEntriesOptions(value: unknown): Limits & EntriesRequest {
  const known = [...OPERATION_KEYS, 'after', 'pageSize', 'pageBytes'] as const;
  const { after, pageSize, pageBytes } = checkOptions(value, known);
  return {
    ...parseOperationOptions(value, known),
    after: after === undefined ? undefined : parsePath(after as string),
    pageSize: checkPageSize('pageSize', pageSize),
    pageBytes: checkInteger('pageBytes', pageBytes, { min: 1, max: MAX_PAGE_BYTES, fallback: MAX_PAGE_BYTES }),
  };
}

function checkPageSize(name: string, value: unknown): number {
  return checkInteger(name, value, { min: 1, max: MAX_PAGE_SIZE, fallback: DEFAULT_PAGE_SIZE });
}
