import { defineContract, SCENARIOS } from '@holdfast/contract';
import { describe, it } from 'vitest';
import { openNodeSqlite } from './support/open-node-sqlite.ts';

/** What draws at random or does much finds nothing here that it does not find on the adapters. The long run has it. */
const FOR_ADAPTERS = /^(?:model|race)\.|\.(?:many|large-child|restless-writers)$/;

const only = SCENARIOS.map(({ id }) => id).filter(
  (id) => process.env['HOLDFAST_LONG'] === '1' || !FOR_ADAPTERS.test(id),
);

// What an adapter has to bring, and no more: were the port to ask for anything that only one driver has, it
// would show here.
defineContract(
  {
    name: 'the smallest SQL adapter (node:sqlite)',
    createStore: async () => ({ open: openNodeSqlite, destroy: async () => {} }),
  },
  { describe, it },
  { effort: 'quick', only },
);
