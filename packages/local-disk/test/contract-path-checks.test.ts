import { defineContract, type ContractOptions, type Harness } from '@holdfast/contract';
import { makeScratchDirectoryOnDisk } from '@holdfast/test-support';
import { describe, it } from 'vitest';
import { openWith } from '../src/open-with.ts';
import { BY_PATH_CHECKS } from '../src/tree/by-path-checks.ts';

// What contains paths where there is no /proc, held to the same contract on the machines that have one: usually to what
// depends on how a path is walked.
const harness: Harness = {
  name: 'local disk by path checks',
  async createStore() {
    const { path: root, remove } = await makeScratchDirectoryOnDisk('local-disk');
    return {
      open: () => openWith({ root }, { containment: BY_PATH_CHECKS }),
      child: { module: new URL('children/open-store.ts', import.meta.url).href, input: root },
      destroy: remove,
    };
  },
};

const long = process.env['HOLDFAST_LONG'] === '1';

const options: ContractOptions = long
  ? { effort: 'full' }
  : {
      effort: 'quick',
      only: [
        'path',
        'expectation',
        'list.direct-children',
        'list.deep',
        'list.gone-elsewhere',
        'error',
        'close',
        'model.sequence',
      ],
    };

defineContract(harness, { describe, it }, options);
