import { join } from 'node:path';
import { defineContract, type Harness } from '@holdfast/contract';
import { makeScratchDirectory } from '@holdfast/test-support';
import { describe, it } from 'vitest';
import { openSqlite } from '../src/index.ts';

const file: Harness = {
  name: 'sqlite (file)',
  async createStore() {
    const scratch = await makeScratchDirectory('sqlite');
    const path = join(scratch.path, 'store.db');
    return {
      open: () => openSqlite({ file: path }),
      child: { module: new URL('children/open-store.ts', import.meta.url).href, input: path },
      destroy: scratch.remove,
    };
  },
};

const inMemory: Harness = {
  name: 'sqlite (in memory)',
  createStore: async () => ({ open: () => openSqlite({ file: ':memory:' }), destroy: async () => {} }),
};

// All of it at full effort is in `test-matrix`.
for (const harness of [file, inMemory]) defineContract(harness, { describe, it }, { effort: 'quick' });
