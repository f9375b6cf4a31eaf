import { defineContract, type Harness } from '@holdfast/contract';
import { openMemory } from '@holdfast/memory';
import { describe, it } from 'vitest';

const harness: Harness = {
  name: 'memory',
  async createStore() {
    return { open: async () => openMemory(), destroy: async () => {} };
  },
};

defineContract(harness, { describe, it }, { effort: process.env['HOLDFAST_LONG'] === '1' ? 'long' : 'full' });
