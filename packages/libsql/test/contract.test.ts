import { defineContract, SCENARIOS, type Harness } from '@holdfast/contract';
import { describe, it } from 'vitest';
import { openLibsql } from '../src/index.ts';

// A file, a server (over WebSockets) and an embedded replica (over HTTP) are in `test-matrix`.

/** A private database in memory for each store. */
const inMemory: Harness = {
  name: 'libsql (in memory)',
  createStore: async () => ({
    open: () => openLibsql({ config: { url: ':memory:' } }),
    destroy: async () => {},
  }),
};

/** What draws at random or does much finds nothing here that it does not find in a file. The long run has it. */
const FOR_A_FILE = /^(?:model|race|process)\.|\.(?:many|large-child|restless-writers)$/;

const only = SCENARIOS.map(({ id }) => id).filter((id) => process.env['HOLDFAST_LONG'] === '1' || !FOR_A_FILE.test(id));

defineContract(inMemory, { describe, it }, { effort: 'quick', only });
