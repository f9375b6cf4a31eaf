import { openPostgres } from '../src/index.ts';
import { getMany } from '@holdfast/core';
import { expect, test } from 'vitest';
import { makeNotingPool } from './support/noting-pool.ts';
import { makeScratchSchema, runSql, type ScratchSchema } from './support/scratch-schema.ts';

/** A store, and the statements that were sent for it. */
async function open({ connectionString, schema }: ScratchSchema) {
  const { pool, texts } = makeNotingPool({ connectionString });
  const store = await openPostgres({ pool, schema });
  return {
    store,
    texts,
    async [Symbol.asyncDispose]() {
      await store.close();
      await pool.end();
    },
  };
}

test('entries that are asked for together come in one round trip, each as by itself', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await open(scratch);
  const { store, texts } = opened;
  const body = (n: number) => Uint8Array.of(n, 0, 255);
  for (let n = 0; n < 5; n += 1) await store.put(`/${n}`, { body: body(n), indexed: { n }, kind: 'k' }, 'absent');
  const alone = await store.get('/3');
  texts.length = 0;
  const found = await Promise.all(['/3', '/none', '/",{}', '/0', '/3'].map((path) => store.get(path)));
  expect(texts).toHaveLength(1);
  expect(found[0]).toEqual(alone);
  expect(found.map((it) => it?.body)).toEqual([body(3), undefined, undefined, body(0), body(3)]);
  expect(found[0]?.body).not.toBe(found[4]?.body);
});

test('a row that no adapter writes is the fault of whoever asks for it, and of nobody beside them', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await open(scratch);
  const { store, texts } = opened;
  for (const path of ['/a', '/b']) await store.put(path, { body: Uint8Array.of(1) }, 'absent');
  await runSql(
    scratch.connectionString,
    `update ${scratch.schema}.holdfast_entries set indexed = '{' where path = '/a'`,
  );
  texts.length = 0;
  const [damaged, sound] = await Promise.allSettled(['/a', '/b'].map((path) => store.get(path)));
  expect(damaged).toMatchObject({ status: 'rejected', reason: { code: 'CORRUPT', path: '/a' } });
  expect(sound).toMatchObject({ status: 'fulfilled', value: { path: '/b' } });
  expect(texts).toHaveLength(1);
});

test('where bodies are long, those at the end come by themselves', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await open(scratch);
  const { store, texts } = opened;
  const body = (n: number) => new Uint8Array(400_000).fill(n);
  for (let n = 0; n < 4; n += 1) await store.put(`/${n}`, { body: body(n) }, 'absent');
  texts.length = 0;
  const found = await Promise.all(['/0', '/1', '/2', '/none', '/3'].map((path) => store.get(path)));
  expect(texts).toHaveLength(3);
  expect(found.map((it) => it?.body[0])).toEqual([0, 1, 2, undefined, 3]);
  expect(found.map((it) => it?.body.length)).toEqual([400_000, 400_000, 400_000, undefined, 400_000]);
});

test('many entries come with one statement, and where bodies are long with one for each MiB', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await open(scratch);
  const { store, texts } = opened;
  const lengths = [400_000, 400_000, 10, 1_500_000, 400_000, 10];
  for (const [n, length] of lengths.entries())
    await store.put(`/${n}`, { body: new Uint8Array(length).fill(n) }, 'absent');
  texts.length = 0;
  const small = await getMany(store, ['/5', '/none', '/2', '/5']);
  expect(texts).toHaveLength(1);
  expect(small.map((it) => it?.body[0])).toEqual([5, undefined, 2, 5]);
  expect(small[0]?.body).not.toBe(small[3]?.body);
  texts.length = 0;
  const all = await getMany(store, ['/0', '/1', '/2', '/3', '/none', '/4', '/5']);
  expect(all.map((it) => it?.body.length)).toEqual([400_000, 400_000, 10, 1_500_000, undefined, 400_000, 10]);
  // All, the long one alone, and the rest.
  expect(texts.length).toBeLessThanOrEqual(5);
});

test('a body that nothing fits beside costs two statements, wherever it is among those that are asked for', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await open(scratch);
  const { store, texts } = opened;
  const paths = Array.from({ length: 20 }, (_, n) => `/${n}`);
  // The server finds it first: all of a table as small as this is read in order.
  for (const [n, path] of ['/long', ...paths].entries())
    await store.put(path, { body: new Uint8Array(n === 0 ? 2_000_000 : 10) }, 'absent');
  texts.length = 0;
  const found = await getMany(store, [...paths, '/long', '/none']);
  expect(found.map((it) => it?.body.length)).toEqual([...paths.map(() => 10), 2_000_000, undefined]);
  // All of them, it alone, and the others: two of them at first, then twice as many each time.
  expect(texts.length).toBeLessThanOrEqual(2 + 5);
});
