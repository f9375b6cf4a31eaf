import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openLocalDisk } from '@holdfast/local-disk';
import { openMemory } from '@holdfast/memory';
import { openSqlite } from '@holdfast/sqlite';
import { makeScratchDirectory, makeScratchDirectoryOnDisk } from '@holdfast/test-support';
import type { Backend } from './backend.ts';

const module = (name: string): string => new URL(`children/${name}.ts`, import.meta.url).href;

/** The backends that need nothing but this process and a directory. */
export const memory: Backend = {
  id: 'memory',
  name: 'memory',
  server: undefined,
  harness: {
    name: 'memory',
    createStore: async () => ({ open: async () => openMemory(), destroy: async () => {} }),
  },
};

/** SQLite in a file. */
export const sqliteFile: Backend = {
  id: 'sqlite-file',
  name: 'SQLite (file)',
  server: undefined,
  harness: {
    name: 'SQLite (file)',
    async createStore() {
      const scratch = await makeScratchDirectory('matrix');
      const file = join(scratch.path, 'store.db');
      return {
        open: () => openSqlite({ file }),
        child: { module: module('open-sqlite'), input: file },
        destroy: scratch.remove,
      };
    },
  },
};

/** SQLite in memory. */
export const sqliteMemory: Backend = {
  id: 'sqlite-memory',
  name: 'SQLite (in memory)',
  server: undefined,
  harness: {
    name: 'SQLite (in memory)',
    createStore: async () => ({ open: () => openSqlite({ file: ':memory:' }), destroy: async () => {} }),
  },
};

/** Plain files on a local disk. */
export const localDisk: Backend = {
  id: 'local-disk',
  name: 'local disk',
  server: undefined,
  harness: {
    name: 'local disk',
    async createStore() {
      const scratch = await makeScratchDirectoryOnDisk('matrix');
      const root = join(scratch.path, 'root');
      await mkdir(root);
      return {
        open: () => openLocalDisk({ root }),
        child: { module: module('open-local-disk'), input: root },
        destroy: scratch.remove,
      };
    },
  },
};
