import { isError } from '@holdfast/core/adapter';
import { leastClaims, type Need } from '../needs.ts';
import { ContractViolation } from '../support/check.ts';
import { failureOf } from '../support/failure.ts';
import type { ScenarioReport } from './report.ts';

/** What a report says of a scenario that failed. */
export function tellFailure(error: unknown, unmet: readonly Need[]): Pick<ScenarioReport, 'reason' | 'cause'> {
  const { reason, deepest } = failureOf(error);
  const opposite = unmet.length === 0 ? '' : `\nWhat was run is the opposite, since this is ${notClaimed(unmet)}`;
  const stack: unknown = isError(deepest) && !(deepest instanceof ContractViolation) ? deepest.stack : undefined;
  return { reason: reason + opposite, ...(typeof stack === 'string' ? { cause: stack } : {}) };
}

/** What a report says of what is not claimed. */
export function tellOpposite(unmet: readonly Need[]): Pick<ScenarioReport, 'notClaimed'> {
  return unmet.length === 0 ? {} : { notClaimed: unmet };
}

/** `not claimed: sharing: 'process', durability: 'process-crash'`. */
export function notClaimed(unmet: readonly Need[]): string {
  return `not claimed: ${leastClaims(unmet)}`;
}
