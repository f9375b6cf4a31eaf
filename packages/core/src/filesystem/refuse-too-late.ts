import type { OperationName } from '../errors/holdfast-error.ts';
import { Patience } from './operation-context.ts';
import type { OperationLimits } from './operation-options.ts';

/**
 * Refuses a call whose caller has given up before it begins. Where nothing is asked of a backend, nobody else does.
 *
 * @throws HoldfastError `ABORTED`, `TIMEOUT`
 */
export function refuseTooLate(operation: OperationName, path: string, limits: OperationLimits): void {
  const tooLate = new Patience(operation, path, limits).exhausted();
  if (tooLate !== undefined) throw tooLate;
}
