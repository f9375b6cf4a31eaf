import { HoldfastError, type Snapshot } from '@holdfast/core';
import type { PathRange, PutRequest } from '@holdfast/core/adapter';
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

/** Reads the paths when it is opened, and follows the changes from then on. */
class FollowsAfterReading extends SharedMemory {
  readonly #known = new Set<string>();
  readonly #followers: Set<Set<string>>;

  constructor(store: SharedStore, followers: Set<Set<string>>) {
    super(store);
    this.#followers = followers;
  }

  async start(): Promise<this> {
    for (const path of this.stored.entries.keys()) this.#known.add(path);
    await nextTurn();
    this.#followers.add(this.#known);
    return this;
  }

  protected override async _put(request: PutRequest): Promise<void> {
    await super._put(request);
    for (const known of this.#followers) known.add(request.path);
  }

  protected override async _scan(range: PathRange, limit: number): Promise<readonly Snapshot[]> {
    return this.stored
      .range(range)
      .filter(({ path }) => this.#known.has(path))
      .take(limit)
      .map((found) => ({ ...found, body: new Uint8Array(found.body) }))
      .toArray();
  }
}

function followsAfterReading(): ContractStore {
  const [store, followers] = [new SharedStore(), new Set<Set<string>>()];
  return withChild({ open: () => new FollowsAfterReading(store, followers).start(), destroy: async () => {} });
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
  {
    name: 'follows changes when it has read what there is',
    why: 'What others write after it was read, and before anybody listens, an instance never hears of.',
    createStore: followsAfterReading,
    caughtBy: ['open.amid-writes'],
    perhapsBy: ['race.*', 'process.*', 'open.together'],
  },
];
