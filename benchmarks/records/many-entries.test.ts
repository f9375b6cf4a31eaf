import { expect, test } from 'vitest';
import { DIRECTORIES, DIVIDED, entriesInSqlite, LISTED } from './many-entries.ts';

test('stores of every size have the same pages, and as many entries as they are said to have', async () => {
  const pages = await Promise.all(
    [1100, 2000].map(async (size) => {
      await using store = await entriesInSqlite(size);
      const paths: string[] = [];
      for await (const { path } of store.filesystem.entries('/', { pageSize: 1000 })) paths.push(path);
      expect(paths).toHaveLength(size);
      const [listed, divided] = [await store.filesystem.list(LISTED), await store.filesystem.list(DIVIDED)];
      expect(divided.children).toHaveLength(DIRECTORIES);
      return [listed, divided];
    }),
  );
  expect(pages[0]).toEqual(pages[1]);
});
