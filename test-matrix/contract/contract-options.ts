import type { ContractOptions, Effort } from '@holdfast/contract';
import type { Backend } from '../backends/backend.ts';
import { scenarioTimeoutMs } from '../scenario-timeout.ts';

/**
 * The storms are made as large as they have to be of calls that take so long, in milliseconds: 64 writers who make 23
 * updates each, not 100. `npm run matrix` has them whole.
 */
const ROUND_TRIP_MS = 4;

/** How the tests of the matrix run the suite: at full effort, or at the longest one where `HOLDFAST_LONG` is 1. */
export function contractOptions(
  { sameAs }: Pick<Backend, 'sameAs'>,
  environment: NodeJS.ProcessEnv = process.env,
): ContractOptions {
  const usual: Effort = sameAs === undefined ? 'full' : 'quick';
  if (environment['HOLDFAST_LONG'] === '1') return { effort: 'long', scenarioTimeoutMs: scenarioTimeoutMs('long') };
  return { effort: usual, scenarioTimeoutMs: scenarioTimeoutMs(usual), roundTripMs: ROUND_TRIP_MS };
}
