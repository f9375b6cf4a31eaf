// Run by Node's own test runner; see node-test-runner.test.ts.
import { describe, it } from 'node:test';
import { defineContract } from '@holdfast/contract';
import { openMemory } from '@holdfast/memory';

const wrong = process.env['WITH_A_WRONG_GAP'] === '1';

defineContract(
  {
    name: 'memory under node:test',
    createStore: async () => ({ open: async () => openMemory(), destroy: async () => {} }),
    ...(wrong ? { knownGaps: ['cas.write'] } : {}),
  },
  { describe, it },
  { effort: 'quick', ...(wrong ? { only: ['cas'] } : {}) },
);
