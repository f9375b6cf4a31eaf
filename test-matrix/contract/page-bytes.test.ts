import type { RootFilesystem } from '@holdfast/core';
import { describe, expect, test } from 'vitest';
import { selectBackends } from '../backends/selection.ts';

const { selected } = selectBackends();

const GROWING = [1, 1, 1, 1, 1, 1, 1, 1, 1000, 1000, 1000, 3000, 3000];
const PAGES_OF_GROWING = [[1, 1, 1, 1, 1, 1, 1, 1, 1000, 1000], [1000, 3000], [3000], []];
const PAGES_OF_SHRINKING = [[3000], [3000], [1000, 1000], [1000, 1, 1, 1, 1, 1, 1, 1, 1]];

async function putBodies(store: RootFilesystem, directory: string, lengths: readonly number[]): Promise<void> {
  for (const [index, length] of lengths.entries()) {
    await store.put(`${directory}/${String(index).padStart(2, '0')}`, { body: new Uint8Array(length) }, 'any');
  }
}

interface Scanning {
  _scan(...given: readonly unknown[]): Promise<readonly { readonly body: Uint8Array }[]>;
}

/** The lengths of the bodies of each page that an adapter brings. */
async function pagesOf(store: RootFilesystem, directory: string, pageBytes: number): Promise<number[][]> {
  const adapter = store as unknown as Scanning;
  const scan = adapter._scan.bind(adapter);
  const pages: number[][] = [];
  adapter._scan = async (...given) => {
    const page = await scan(...given);
    pages.push(page.map(({ body }) => body.byteLength));
    return page;
  };
  const seen: number[] = [];
  for await (const { body } of store.entries(directory, { pageBytes })) seen.push(body.byteLength);
  adapter._scan = scan;
  expect(seen).toEqual(pages.flat());
  return pages;
}

describe.each(selected)('$id', ({ harness }) => {
  test('a page ends with the entry that makes it long enough, whatever came before', async () => {
    const prepared = await harness.createStore();
    const store = await prepared.open();
    try {
      await putBodies(store, '/growing', GROWING);
      await putBodies(store, '/shrinking', GROWING.toReversed());
      expect(await pagesOf(store, '/growing', 2000)).toEqual(PAGES_OF_GROWING);
      expect(await pagesOf(store, '/shrinking', 2000)).toEqual(PAGES_OF_SHRINKING);
    } finally {
      await store.close();
      await prepared.destroy();
    }
  });
});
