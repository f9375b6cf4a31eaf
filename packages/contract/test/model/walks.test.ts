import type { RootFilesystem } from '@holdfast/core';
import { expect, it } from 'vitest';
import { Iterate } from '../../src/model/operations/iterate.ts';
import { List } from '../../src/model/operations/list.ts';
import { MOST_PAGES } from '../../src/model/operations/most-pages.ts';
import { Side } from '../../src/model/side.ts';
import { file } from '../../src/support/bodies.ts';
import { memory } from './memory.ts';

/** Memory with more entries than a walk has pages, and what calls were made of it. */
async function full() {
  const calls = { list: 0 };
  const createStore = async () => {
    const store = await memory.harness.createStore();
    const open = async (): Promise<RootFilesystem> => {
      const filesystem = await store.open();
      const list = filesystem.list.bind(filesystem);
      return Object.assign(filesystem, {
        list: (...given: Parameters<typeof list>) => {
          calls.list += 1;
          return list(...given);
        },
      });
    };
    return { ...store, open };
  };
  const side = await Side.open({ id: 'memory', harness: { name: 'memory', createStore } });
  for (let index = 0; index < 2 * MOST_PAGES; index += 1) {
    const { version } = await side.filesystem.put(`/${index}`, file('x'), 'any');
    side.model.store(`/${index}`, file('x'), side.minted(version, `v${index}`));
  }
  return { side, calls };
}

it('a walk over a long directory, an entry at a time, is broken off and compared as far as it went', async () => {
  const { side, calls } = await full();
  try {
    const list = new List('/', undefined, 1, 'unsaid');
    expect(list.predict(side.model)).toEqual([await list.perform(side)]);
    expect(calls.list).toBe(MOST_PAGES);

    const iterate = new Iterate({ prefix: '/', after: undefined, pageSize: 1, take: undefined, patience: 'unsaid' });
    const seen = await iterate.perform(side);
    expect(iterate.predict(side.model)).toEqual([seen]);
    expect(seen.split(' v').length - 1).toBe(MOST_PAGES);
  } finally {
    await side.destroy();
  }
});
