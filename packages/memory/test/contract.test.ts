import { defineContract, type Harness } from '@holdfast/contract';
import { openMemory } from '@holdfast/memory';
import { describe, it } from 'vitest';

const harness: Harness = {
  name: 'memory',
  async createStore() {
    return { open: async () => openMemory(), destroy: async () => {} };
  },
};

// All of it at full effort is in `test-matrix`.
defineContract(harness, { describe, it }, { effort: 'quick' });
