import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { mountTable, withPrefix, type RootFilesystem } from '@holdfast/core';
import { expect, test } from 'vitest';
import { openLocalDisk } from '../src/index.ts';
import { makeScratch } from './support/scratch.ts';

const mount = (one: RootFilesystem, other: RootFilesystem) => () =>
  mountTable([
    { at: '/', filesystem: one },
    { at: '/secrets', filesystem: other },
  ]);

test('a root, and one within it, are known as one store by a mount table', async () => {
  await using scratch = await makeScratch();
  await mkdir(join(scratch.root, 'secrets'));
  await symlink(scratch.root, join(scratch.base, 'link'));
  await using one = await openLocalDisk(scratch.open);
  await using same = await openLocalDisk({ root: join(scratch.base, 'link') });
  await using within = await openLocalDisk({ root: join(scratch.root, 'secrets') });
  await using outside = await openLocalDisk({ root: scratch.outside });
  expect(mount(one, same)).toThrow(/mounts at \/ and \/secrets/);
  expect(mount(one, withPrefix(within, '/deeper'))).not.toThrow();
  expect(mount(withPrefix(one, '/elsewhere'), within)).not.toThrow();
  expect(() =>
    mountTable([
      { at: '/a', filesystem: one },
      { at: '/b', filesystem: within },
    ]),
  ).toThrow(/mounts at \/a and \/b/);
  expect(mount(one, outside)).not.toThrow();
});
