import type { ContractOptions, Effort } from '@holdfast/contract';
import type { Backend } from '../backends/backend.ts';
import { scenarioTimeoutMs } from '../scenario-timeout.ts';

/** How the tests of the matrix run the suite: at full effort, or at the longest one where `HOLDFAST_LONG` is 1. */
export function contractOptions(
  { sameAs }: Pick<Backend, 'sameAs'>,
  environment: NodeJS.ProcessEnv = process.env,
): ContractOptions {
  const usual: Effort = sameAs === undefined ? 'full' : 'quick';
  const effort = environment['HOLDFAST_LONG'] === '1' ? 'long' : usual;
  return { effort, scenarioTimeoutMs: scenarioTimeoutMs(effort) };
}
