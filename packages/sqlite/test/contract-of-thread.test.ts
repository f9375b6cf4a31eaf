import { join } from 'node:path';
import { defineContract, SCENARIOS, type Harness } from '@holdfast/contract';
import { makeScratchDirectory } from '@holdfast/test-support';
import { describe, it } from 'vitest';
import { openSqlite } from '../src/index.ts';

const harness: Harness = {
  name: 'sqlite (thread)',
  async createStore() {
    const scratch = await makeScratchDirectory('sqlite');
    const path = join(scratch.path, 'store.db');
    return {
      open: () => openSqlite({ file: path, writes: 'thread' }),
      child: { module: new URL('children/open-store-with-thread.ts', import.meta.url).href, input: path },
      destroy: scratch.remove,
    };
  },
};

/** What a thread changes: what becomes of writes under way, and in which order they are seen. */
const OF_THREADS: readonly string[] = [
  ...SCENARIOS.map(({ id }) => id).filter((id) => /^(abort|close|deadline)\./.test(id)),
  'cas.storm-one-instance',
  'commit.history',
  'durability.killed-at-once',
  'model.calls',
];

// A thread is started for each store, which takes longer than most scenarios. The long run has them all.
const only = process.env['HOLDFAST_LONG'] === '1' ? {} : { only: OF_THREADS };

defineContract(harness, { describe, it }, { effort: 'quick', ...only });
