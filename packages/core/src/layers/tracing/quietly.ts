import { isPromise } from '../../realms/is-promise.ts';

/**
 * Calls what belongs to somebody else's telemetry. What it throws, or its promise rejects with, is swallowed: an
 * operation must not fail because somebody watches it.
 */
export function quietly(call: () => unknown): void {
  try {
    const answer = call();
    if (isPromise(answer)) void answer.catch(() => {});
  } catch {
    // Nobody to tell: the caller asked for an operation, not for telemetry.
  }
}
