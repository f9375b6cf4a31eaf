import { mountTable, withPrefix, type RootFilesystem } from '@holdfast/core';
import { expect, test } from 'vitest';
import { openLibsql } from '../src/index.ts';
import { makeScratch } from './support/scratch.ts';
import { makeTables, serverConfig } from './support/server.ts';

const mount = (one: RootFilesystem, other: RootFilesystem) => () =>
  mountTable([
    { at: '/', filesystem: one },
    { at: '/secrets', filesystem: other },
  ]);

test('two instances on one file are known as one store by a mount table, and on two tables as two', async () => {
  await using scratch = await makeScratch();
  await using one = await openLibsql({ config: scratch.config });
  await using other = await openLibsql({ client: scratch.raw() });
  expect(mount(one, other)).toThrow(/mounts at \/ and \/secrets/);
  mount(one, withPrefix(other, '/secrets'))();
  await using beside = await openLibsql({ config: scratch.config, tablePrefix: 'other_' });
  mount(one, beside)();
  await using memory = await openLibsql({ config: { url: ':memory:' } });
  await using memories = await openLibsql({ config: { url: ':memory:' } });
  mount(memory, memories)();
});

test('so are two instances on one server', async () => {
  await using tables = makeTables();
  await using one = await openLibsql({ config: serverConfig(), ...tables.options });
  await using other = await openLibsql({ config: serverConfig(), ...tables.options });
  expect(mount(one, other)).toThrow(/mounts at \/ and \/secrets/);
  // It may choose the database by a header.
  const config = { ...serverConfig(), fetch: globalThis.fetch };
  await using elsewhere = await openLibsql({ config, ...tables.options });
  expect(mount(one, elsewhere)).not.toThrow();
});
