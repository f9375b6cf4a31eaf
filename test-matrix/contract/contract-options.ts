import type { ContractOptions, Effort } from '@holdfast/contract';
import { scenarioTimeoutMs } from '../scenario-timeout.ts';
import { EACH_ONCE } from './much.ts';

/** The backends on which every run has all scenarios: what each does much of is then at full effort on the others too. */
const WITH_ALL: readonly string[] = ['memory', 'sqlite-file'];

/**
 * How the tests of the matrix run the suite: at quick effort, or at the longest one where `HOLDFAST_LONG` is 1. At full
 * effort `npm run matrix` does, so that `npm test` as a whole leaves it to that to do much on each of the backends.
 */
export function contractOptions(id: string, environment: NodeJS.ProcessEnv = process.env): ContractOptions {
  const effort: Effort = environment['HOLDFAST_LONG'] === '1' ? 'long' : 'quick';
  const leavesMuch = effort === 'quick' && environment['HOLDFAST_ALL_TESTS'] === '1' && !WITH_ALL.includes(id);
  const options: ContractOptions = { effort, scenarioTimeoutMs: scenarioTimeoutMs(effort) };
  return leavesMuch ? { ...options, only: EACH_ONCE } : options;
}
