import { startChildren } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { openLibsql } from '../src/index.ts';
import { makeScratch } from './support/scratch.ts';
import { makeTables, rawClient, serverConfig } from './support/server.ts';

const openAtOnce = new URL('children/open-at-once.ts', import.meta.url);

test.each(['http', 'ws'] as const)(
  '8 processes that open a new store over %s at once all succeed',
  async (protocol) => {
    await using tables = makeTables();
    const { tablePrefix } = tables;
    const options = { config: serverConfig(protocol), tablePrefix };
    const children = await startChildren(8, openAtOnce, JSON.stringify(options));
    expect(await Promise.all(children.map((child) => child.tell()))).toEqual(Array(8).fill('written'));
    await using store = await openLibsql({ ...options, migrate: 'verify' });
    expect((await store.list('/opened')).children).toHaveLength(8);
    const raw = rawClient();
    const { rows } = await raw.execute(`select name from ${tablePrefix}migration`);
    expect(rows.map(({ name }) => name)).toEqual(['0001_entries']);
    raw.close();
  },
);

test('many that open a new file in one process all succeed', async () => {
  await using scratch = await makeScratch();
  const stores = await Promise.all(Array.from({ length: 16 }, () => openLibsql({ config: scratch.config })));
  await Promise.all(stores.map((store, number) => store.put(`/${number}`, { body: new Uint8Array(1) }, 'absent')));
  expect((await stores[0]?.list('/'))?.children).toHaveLength(16);
  await Promise.all(stores.map((store) => store.close()));
});
