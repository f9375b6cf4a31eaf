// Run by Node's own test runner; see node-test-runner.test.ts.
import { describe, it } from 'node:test';
import { defineContract } from '@holdfast/contract';
import { openMemory } from '@holdfast/memory';

defineContract(
  {
    name: 'memory under node:test',
    createStore: async () => ({ open: async () => openMemory(), destroy: async () => {} }),
    ...(process.env['WITH_A_WRONG_GAP'] === '1' ? { knownGaps: ['cas.write'] } : {}),
  },
  { describe, it },
  { effort: 'quick' },
);
