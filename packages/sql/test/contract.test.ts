import { defineContract } from '@holdfast/contract';
import { describe, it } from 'vitest';
import { openNodeSqlite } from './support/open-node-sqlite.ts';

// What an adapter has to bring, and no more: were the port to ask for anything that only one driver has, it
// would show here.
defineContract(
  {
    name: 'the smallest SQL adapter (node:sqlite)',
    createStore: async () => ({ open: openNodeSqlite, destroy: async () => {} }),
  },
  { describe, it },
  { effort: 'quick' },
);
