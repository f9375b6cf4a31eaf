import type { ContractStore } from '@holdfast/contract';
import type { Backend } from '../backends/backend.ts';

/**
 * Stores that are directories of one store, so that not each of them has to be migrated. Where instances cannot share
 * a store, each is one of its own.
 */
export class SharedDatabase {
  readonly #backend: Backend;
  #whole: Promise<ContractStore> | undefined;
  #directories = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** A new, empty directory as a store. */
  async createStore(): Promise<DirectoryStore> {
    const { createStore } = this.#backend.harness;
    if (this.#backend.id === 'memory') return { whole: await createStore(), directory: '/' };
    this.#whole ??= createStore();
    this.#directories += 1;
    const directory = `/${this.#directories}`;
    return { whole: { ...(await this.#whole), destroy: async () => {} }, directory };
  }

  async destroy(): Promise<void> {
    await (await this.#whole)?.destroy();
  }
}

/** A directory of a store. */
export interface DirectoryStore {
  readonly whole: ContractStore;
  readonly directory: string;
}
