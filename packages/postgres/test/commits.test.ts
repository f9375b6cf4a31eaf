import { commit, type Change, type Version } from '@holdfast/core';
import { expect, test } from 'vitest';
import { openPostgres } from '../src/index.ts';
import { startProxy } from './support/proxy.ts';
import { lockRow } from './support/row-lock.ts';
import { killConnections, makeScratchSchema } from './support/scratch-schema.ts';

const entry = { body: new Uint8Array([1]) };

const moving = (version: Version): readonly Change[] => [
  { put: '/new', entry, expectation: 'absent' },
  { delete: '/old', expectation: { version } },
  { check: '/none', expectation: 'absent' },
];

test('a commit whose connection is ended while it waits is sent again, and lands once', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema, name } = scratch;
  await using store = await openPostgres({ config: { connectionString, application_name: name }, schema });
  const { version: old } = await store.put('/old', entry, 'absent');
  await using lock = await lockRow(schema, '/old');
  const committing = commit(store, moving(old));
  await lock.waitedForBy(1);
  await killConnections(name);
  // What was read back and sent again waits for the same row.
  await lock.waitedForBy(1);
  await lock.release();
  const { version } = await committing;
  expect([(await store.get('/new'))?.version, await store.get('/old')]).toEqual([version, undefined]);
});

test('a commit that landed and whose answer is lost is found by reading back', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  await using proxy = await startProxy();
  await using direct = await openPostgres({ config: { connectionString }, schema });
  await using store = await openPostgres({ config: { connectionString: proxy.connectionString }, schema });
  const { version: old } = await store.put('/old', entry, 'absent');
  proxy.swallowAnswers();
  const committing = commit(store, moving(old));
  await expect.poll(() => direct.get('/old')).toBe(undefined);
  proxy.cut();
  expect((await direct.get('/new'))?.version).toBe((await committing).version);
});

test('checks whose answer is lost are asked again', async () => {
  await using scratch = makeScratchSchema();
  await using proxy = await startProxy();
  await using store = await openPostgres({
    config: { connectionString: proxy.connectionString },
    schema: scratch.schema,
  });
  proxy.swallowAnswers();
  const checking = commit(store, [{ check: '/a', expectation: 'absent' }]);
  await expect.poll(() => proxy.connections()).toBeGreaterThan(0);
  proxy.cut();
  expect(await checking).toEqual({ version: undefined });
});
