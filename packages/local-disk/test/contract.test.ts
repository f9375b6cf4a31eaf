import { defineContract, type Harness } from '@holdfast/contract';
import { makeScratchDirectoryOnDisk } from '@holdfast/test-support';
import { describe, it } from 'vitest';
import { openLocalDisk } from '../src/index.ts';

const harness: Harness = {
  name: 'local disk',
  async createStore() {
    const { path: root, remove } = await makeScratchDirectoryOnDisk('local-disk');
    return {
      open: () => openLocalDisk({ root }),
      child: { module: new URL('children/open-store.ts', import.meta.url).href, input: root },
      destroy: remove,
    };
  },
};

// All of it at full effort is in `test-matrix`.
defineContract(harness, { describe, it }, { effort: 'quick' });
