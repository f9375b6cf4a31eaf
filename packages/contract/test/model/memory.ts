import { openMemory } from '@holdfast/memory';
import type { ComparedBackend } from '../../src/model/compared-backend.ts';

/** The backend with which the planted ones are compared. */
export const memory: ComparedBackend = {
  id: 'memory',
  harness: {
    name: 'memory',
    createStore: async () => ({ open: async () => openMemory(), destroy: async () => {} }),
  },
};
