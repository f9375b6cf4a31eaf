import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StoreAt } from '../load/open-store.ts';
import type { KilledBackend } from './killed-backend.ts';

/** SQLite in a file, to which two processes write. */
export const sqliteFile: KilledBackend = {
  endsWithProcess: true,
  onDisk: false,
  makeStores: async (directory) => [{ adapter: 'sqlite', options: { file: join(directory, 'store.db') } }],
};

/** libSQL in files, each of which is one process's. */
export const libsqlFile: KilledBackend = {
  endsWithProcess: true,
  onDisk: false,
  async makeStores(directory) {
    const store = (lane: number): StoreAt => {
      const url = pathToFileURL(join(directory, `store-${lane}.db`)).href;
      return { adapter: 'libsql', options: { config: { url } } };
    };
    return [store(0), store(1)];
  },
};

/** A local disk, to which two processes write. */
export const localDisk: KilledBackend = {
  endsWithProcess: true,
  onDisk: true,
  makeStores: async (directory) => [
    { adapter: 'local-disk', options: { root: join(directory, 'root'), create: true } },
  ],
};
