import { isError } from '@holdfast/core/adapter';
import { leastClaims, type Need } from '../needs.ts';
import { ContractViolation } from '../support/check.ts';
import { failureOf } from '../support/failure.ts';
import type { CurrentRun } from './current-run.ts';
import type { ScenarioReport } from './report.ts';

/** What a report says of a scenario that failed. */
export function tellFailure(error: unknown, run: CurrentRun): Pick<ScenarioReport, 'reason' | 'cause'> {
  const { reason, deepest } = failureOf(error);
  const stack: unknown = isError(deepest) && !(deepest instanceof ContractViolation) ? deepest.stack : undefined;
  return { reason: reason + whyItWasRun(run), ...(typeof stack === 'string' ? { cause: stack } : {}) };
}

/** What of the claims made a scenario what it was, where they may be what is wrong; nothing where they are not. */
export function whyItWasRun({ unmet, claimed }: CurrentRun): string {
  if (unmet.length > 0) return `\nWhat was run is the opposite, since this is ${notClaimed(unmet)}`;
  return claimed.length === 0 ? '' : `\nIt was run since this is claimed: ${claimed.join(', ')}`;
}

/** What a report says of what is not claimed. */
export function tellOpposite(unmet: readonly Need[]): Pick<ScenarioReport, 'notClaimed'> {
  return unmet.length === 0 ? {} : { notClaimed: unmet };
}

/** `not claimed: sharing: 'process', durability: 'process-crash'`. */
export function notClaimed(unmet: readonly Need[]): string {
  return `not claimed: ${leastClaims(unmet)}`;
}
