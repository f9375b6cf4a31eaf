import { defineContract } from '@holdfast/contract';
import { describe, it } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import { selectBackends } from '../backends/selection.ts';

const { leftOut } = selectBackends();

/**
 * How long one scenario may take before it counts as hung, in milliseconds. On a libSQL server, 6,400 updates of one
 * key from four processes take more than a minute, and twice that while other tests use the same machine.
 */
const SCENARIO_TIMEOUT_MS = 300_000;

/**
 * The whole contract suite on one backend at full effort: storms of 64 writers on one key, and of separate
 * processes. The tests of a backend that `HOLDFAST_MATRIX_WITHOUT` names show as skipped.
 */
export function defineMatrix({ id, harness }: Backend): void {
  const { skipIf } = describe;
  const suite = skipIf(leftOut.some((backend) => backend.id === id));
  const long = process.env['HOLDFAST_LONG'] === '1';
  defineContract(
    harness,
    { describe: suite, it },
    { effort: long ? 'long' : 'full', ...(long ? {} : { scenarioTimeoutMs: SCENARIO_TIMEOUT_MS }) },
  );
}
