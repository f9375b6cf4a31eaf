import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineContract, type Harness } from '@holdfast/contract';
import { describe, it } from 'vitest';
import { openWith } from '../src/open-with.ts';
import { BY_PATH_CHECKS } from '../src/tree/by-path-checks.ts';

// What contains paths where there is no /proc, held to the same contract on the machines that have one.
const harness: Harness = {
  name: 'local disk by path checks',
  async createStore() {
    const root = await mkdtemp(join(tmpdir(), 'holdfast-local-disk-'));
    return {
      open: () => openWith({ root }, { containment: BY_PATH_CHECKS }),
      child: { module: new URL('children/open-store.ts', import.meta.url).href, input: root },
      destroy: () => rm(root, { recursive: true, force: true }),
    };
  },
};

defineContract(harness, { describe, it }, { effort: 'full' });
