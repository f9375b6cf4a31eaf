import { defineContract } from '@holdfast/contract';
import { describe, it } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import { selectBackends } from '../backends/selection.ts';
import { contractOptions } from './contract-options.ts';

const { leftOut } = selectBackends();

/**
 * The whole contract suite on one backend. The tests of a backend that `HOLDFAST_MATRIX_WITHOUT` names show as skipped.
 */
export function defineMatrix(backend: Backend): void {
  const { id, harness } = backend;
  const { skipIf } = describe;
  const suite = skipIf(leftOut.some((one) => one.id === id));
  defineContract(harness, { describe: suite, it }, contractOptions(id));
}
