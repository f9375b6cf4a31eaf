import { HoldfastError, isHoldfastError } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';

/**
 * Ends an operation whose caller gave up. Called between the steps before publication, and right before it:
 * what has not been published by then never is.
 *
 * @throws HoldfastError `ABORTED`, `TIMEOUT`; the outcome is `'not-applied'`
 */
export function throwIfGivenUp(context: OperationContext): void {
  const { signal } = context;
  const reason: unknown = signal.reason;
  if (signal.aborted && isHoldfastError(reason)) throw reason;
  if (signal.aborted)
    throw new HoldfastError('ABORTED', 'the caller aborted', { outcome: 'not-applied', cause: reason });
  if (context.remainingMs() > 0) return;
  throw new HoldfastError('TIMEOUT', 'the deadline passed', { outcome: 'not-applied' });
}
