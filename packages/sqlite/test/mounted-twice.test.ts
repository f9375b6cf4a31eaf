import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { mountTable, withPrefix, type RootFilesystem } from '@holdfast/core';
import { expect, test } from 'vitest';
import { openSqlite } from '../src/index.ts';
import { openRaw } from './support/raw-database.ts';
import { makeScratch } from './support/scratch.ts';

const mount = (one: RootFilesystem, other: RootFilesystem) => () =>
  mountTable([
    { at: '/', filesystem: one },
    { at: '/secrets', filesystem: other },
  ]);

test('two instances on one table are known as one store by a mount table, and on two tables as two', async () => {
  await using scratch = await makeScratch();
  const link = join(scratch.directory, 'link.db');
  await using one = await openSqlite({ file: scratch.file });
  await symlink(scratch.file, link);
  await using linked = await openSqlite({ file: link });
  using database = await openRaw(scratch.file);
  await using supplied = await openSqlite({ database });
  for (const other of [linked, supplied]) {
    expect(mount(one, other)).toThrow(/mounts at \/ and \/secrets/);
    mount(one, withPrefix(other, '/secrets'))();
  }
  await using beside = await openSqlite({ file: scratch.file, tablePrefix: 'other_' });
  mount(one, beside)();
  await using memory = await openSqlite({ file: ':memory:' });
  await using memories = await openSqlite({ file: ':memory:' });
  mount(memory, memories)();
});
