import { startChildren } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { openSqlite } from '../src/index.ts';
import { openRaw } from './support/raw-database.ts';
import { makeScratch } from './support/scratch.ts';

const openAtOnce = new URL('children/open-at-once.ts', import.meta.url);

const ROUNDS = process.env['HOLDFAST_LONG'] === '1' ? 10 : 1;

test('8 processes that open a new file at the same moment all succeed, and the schema is made once', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    await using scratch = await makeScratch();
    const children = await startChildren(8, openAtOnce, scratch.file);
    expect(await Promise.all(children.map((child) => child.tell()))).toEqual(Array(8).fill('written'));
    await using store = await openSqlite({ file: scratch.file, migrate: 'verify' });
    expect((await store.list('/opened')).children).toHaveLength(8);
    using raw = await openRaw(scratch.file);
    expect(raw.prepare('select name from holdfast_migration').all()).toEqual([{ name: '0001_entries' }]);
  }
});

test('many that open a new file in one process all succeed', async () => {
  await using scratch = await makeScratch();
  const stores = await Promise.all(Array.from({ length: 16 }, () => openSqlite({ file: scratch.file })));
  await Promise.all(stores.map((store, number) => store.put(`/${number}`, { body: new Uint8Array(1) }, 'absent')));
  expect((await stores[0]?.list('/'))?.children).toHaveLength(16);
  await Promise.all(stores.map((store) => store.close()));
});
