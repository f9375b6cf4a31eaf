import { checkInteger, checkOptions } from '../../filesystem/check-options.ts';
import { OPERATION_KEYS, parseLimits, type OperationLimits } from '../../filesystem/operation-options.ts';
import { parsePath, type VirtualPath } from '../../paths/virtual-path.ts';
import { checkPageSize, MAX_PAGE_BYTES } from '../page-limits.ts';

/** Which entries, and how much of them at once. */
export interface EntriesRequest {
  readonly after: VirtualPath | undefined;
  readonly pageSize: number;
  readonly pageBytes: number;
}

const KEYS = [...OPERATION_KEYS, 'after', 'pageSize', 'pageBytes'] as const;

/**
 * Checks the options of `entries`.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`, `INVALID_PATH`
 */
export function parseEntriesOptions(value: unknown): OperationLimits & EntriesRequest {
  const { after, pageSize, pageBytes, signal, timeoutMs } = checkOptions(value, KEYS);
  return {
    ...parseLimits({ signal, timeoutMs }),
    after: after === undefined ? undefined : parsePath(after as string),
    pageSize: checkPageSize('pageSize', pageSize),
    pageBytes: checkInteger('pageBytes', pageBytes, { min: 1, max: MAX_PAGE_BYTES, fallback: MAX_PAGE_BYTES }),
  };
}
