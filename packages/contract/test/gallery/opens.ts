import { HoldfastError } from '@holdfast/core';
import type { ContractStore } from '../../src/index.ts';
import type { BrokenAdapter } from './support/broken-adapter.ts';
import { nextTurn } from './support/good-memory.ts';
import { withChild } from './support/journal.ts';
import { SharedMemory, SharedStore } from './support/shared-memory.ts';

/** Has a table of what is loaded, in which a store is once it is loaded. */
function loadsForEach(): ContractStore {
  const loaded = new Map<string, SharedStore>();
  const open = async (): Promise<SharedMemory> => {
    let store = loaded.get('store');
    if (store === undefined) {
      store = new SharedStore();
      await nextTurn();
      loaded.set('store', store);
    }
    return new SharedMemory(store);
  };
  return withChild({ open, destroy: async () => {} });
}

/** Looks whether there are tables, and makes them where there are none. */
function makesTablesTwice(): ContractStore {
  const store = new SharedStore();
  let hasTables = false;
  const open = async (): Promise<SharedMemory> => {
    if (!hasTables) {
      await nextTurn();
      if (hasTables) throw new HoldfastError('BACKEND_FAILED', 'there is such a table already');
      hasTables = true;
    }
    return new SharedMemory(store);
  };
  return withChild({ open, destroy: async () => {} });
}

/** What goes wrong before there is anything. */
export const brokenOpens: readonly BrokenAdapter[] = [
  {
    name: 'loads a store for each that opens it at the same time',
    why: 'What is loaded is shared from when it is loaded on, and not from when somebody began to load it.',
    createStore: loadsForEach,
    caughtBy: ['open.together'],
  },
  {
    name: 'makes its tables twice',
    why: 'Two that start at the same time both find nothing, and the second fails at what the first has made.',
    createStore: makesTablesTwice,
    caughtBy: ['open.together'],
  },
];
