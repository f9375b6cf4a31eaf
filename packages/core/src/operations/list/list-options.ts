import { invalidArgument } from '../../errors/invalid-argument.ts';
import { checkOptions } from '../../filesystem/check-options.ts';
import { OPERATION_KEYS, parseLimits, type OperationLimits } from '../../filesystem/operation-options.ts';
import { isSegment } from '../../paths/virtual-path.ts';
import { checkPageSize } from '../page-limits.ts';
import type { ListRequest } from './list-request.ts';

const KEYS = [...OPERATION_KEYS, 'after', 'limit'] as const;

/**
 * Checks the options of `list`.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseListOptions(value: unknown): OperationLimits & ListRequest {
  const { after, limit, signal, timeoutMs } = checkOptions(value, KEYS);
  if (after !== undefined && !isSegment(after)) throw invalidArgument('after', 'the name of a child', after);
  return { ...parseLimits({ signal, timeoutMs }), after, limit: checkPageSize('limit', limit) };
}
