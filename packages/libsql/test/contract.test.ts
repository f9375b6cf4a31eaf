import { defineContract, type Harness } from '@holdfast/contract';
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

defineContract(inMemory, { describe, it }, { effort: 'quick' });
