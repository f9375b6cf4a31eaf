import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineContract, type Harness } from '@holdfast/contract';
import { describe, it } from 'vitest';
import { openLocalDisk } from '../src/index.ts';

const harness: Harness = {
  name: 'local disk',
  async createStore() {
    const root = await mkdtemp(join(tmpdir(), 'holdfast-local-disk-'));
    return {
      open: () => openLocalDisk({ root }),
      child: { module: new URL('children/open-store.ts', import.meta.url).href, input: root },
      destroy: () => rm(root, { recursive: true, force: true }),
    };
  },
};

// All of it at full effort is in `test-matrix`.
defineContract(harness, { describe, it }, { effort: 'quick' });
