import type { ContractOptions, Effort } from '@holdfast/contract';
import { scenarioTimeoutMs } from '../scenario-timeout.ts';

/**
 * How the tests of the matrix run the suite: at quick effort, or at the longest one where `HOLDFAST_LONG` is 1. At full
 * effort `npm run matrix` does.
 */
export function contractOptions(environment: NodeJS.ProcessEnv = process.env): ContractOptions {
  const effort: Effort = environment['HOLDFAST_LONG'] === '1' ? 'long' : 'quick';
  return { effort, scenarioTimeoutMs: scenarioTimeoutMs(effort) };
}
