import { defineContract } from '@holdfast/contract';
import { afterAll, describe, it, vi } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import { selectBackends } from '../backends/selection.ts';
import { SharedDatabase } from './shared-database.ts';
import { wrappedHarness } from './wrapped-harness.ts';
import { WRAPPERS } from './wrappers.ts';

// Much of a run is waiting for deadlines to pass, so that several fit into one process.
vi.setConfig({ maxConcurrency: 8 });

const { leftOut } = selectBackends();

/** The whole contract suite on one backend under every wrapper. */
export function defineWrapped(backend: Backend): void {
  const { skipIf } = describe;
  const suite = skipIf(leftOut.some(({ id }) => id === backend.id));
  const long = process.env['HOLDFAST_LONG'] === '1';
  const database = new SharedDatabase(backend);
  afterAll(() => database.destroy());
  for (const wrapper of WRAPPERS) {
    const harness = wrappedHarness(backend.name, database, wrapper);
    defineContract(harness, { describe: suite, it: it.concurrent }, { effort: long ? 'full' : 'quick' });
  }
}
