import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineContract, type Harness } from '@holdfast/contract';
import { describe, it } from 'vitest';
import { openSqlite } from '../src/index.ts';

const file: Harness = {
  name: 'sqlite (file)',
  async createStore() {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-sqlite-'));
    const path = join(directory, 'store.db');
    return {
      open: () => openSqlite({ file: path }),
      child: { module: new URL('children/open-store.ts', import.meta.url).href, input: path },
      destroy: () => rm(directory, { recursive: true, force: true }),
    };
  },
};

const inMemory: Harness = {
  name: 'sqlite (in memory)',
  createStore: async () => ({ open: () => openSqlite({ file: ':memory:' }), destroy: async () => {} }),
};

// All of it at full effort is in `test-matrix`.
for (const harness of [file, inMemory]) defineContract(harness, { describe, it }, { effort: 'quick' });
