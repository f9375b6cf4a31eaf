import type { OperationContext } from '@holdfast/core/adapter';

/** The patience of opening, which has no deadline but that of waiting for locks. */
export const NO_DEADLINE: OperationContext = Object.freeze({
  signal: new AbortController().signal,
  remainingMs: () => Infinity,
});
