import type { Capabilities, RootFilesystem } from '@holdfast/core';
import type { BaseFilesystem } from '@holdfast/core/adapter';
import type { ContractStore } from '../../../src/index.ts';
import { openGood, type GoodMemory } from './good-memory.ts';
import { withChild } from './journal.ts';
import { SHARED, SharedMemory, SharedStore } from './shared-memory.ts';

/** One deliberate mistake, and the scenarios that must notice it: these and no others. */
export interface BrokenAdapter {
  readonly name: string;
  /** The mistake of the real world that it stands for. */
  readonly why: string;
  /** The ids of all scenarios that fail, in any order. */
  readonly caughtBy: readonly string[];
  /** The ids of scenarios that notice it when writers meet in a certain way, which they need not. */
  readonly perhapsBy?: readonly string[];
  readonly createStore: () => ContractStore;
  /** Whether a scenario has to be ended from outside, so that it should not be given long. */
  readonly hangs?: true;
}

/** A store that is opened once. */
export function alone(filesystem: RootFilesystem): ContractStore {
  return { open: async () => filesystem, destroy: async () => {} };
}

/**
 * A store whose filesystem does not extend the base class but stands in front of a good one, where faults are
 * injected. So what it does wrong, it does in public.
 */
export function wrapping<B extends BaseFilesystem = GoodMemory>(
  wrap: (inner: B) => RootFilesystem,
  openInner: () => B = openGood as unknown as () => B,
): ContractStore {
  const adapters = new Map<RootFilesystem, B>();
  return {
    open: async () => {
      const inner = openInner();
      const filesystem = wrap(inner);
      adapters.set(filesystem, inner);
      return filesystem;
    },
    adapterOf: (filesystem) => adapters.get(filesystem) as B,
    destroy: async () => {},
  };
}

/** A store that may be opened several times, in front of each a filesystem of its own. */
export function wrappingShared(
  wrap: (inner: SharedMemory) => RootFilesystem,
  claims: Capabilities = SHARED,
): ContractStore {
  const store = new SharedStore();
  return withChild(wrapping(wrap, () => new SharedMemory(store, claims)));
}

/** A store that may be opened several times. */
export function shared(open: (store: SharedStore) => SharedMemory): ContractStore {
  const store = new SharedStore();
  return withChild({ open: async () => open(store), destroy: async () => {} });
}
