import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Harness } from '@holdfast/contract';
import manifest from '../package.json' with { type: 'json' };
import { openMyStore } from '../src/index.ts';

/** What the suite is handed: a new, empty store for every scenario, opened as often as it likes. */
export const harness: Harness = {
  name: manifest.name,
  version: manifest.version,
  async createStore() {
    const directory = await mkdtemp(join(tmpdir(), 'my-store-'));
    const options = { file: join(directory, 'store.db') };
    return {
      open: () => openMyStore(options),
      child: { module: new URL('child.ts', import.meta.url).href, input: options },
      destroy: () => rm(directory, { recursive: true }),
    };
  },
};
