import { readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { failing } from '../test/support/intercept.ts';
import { refusals, rejection } from '../test/support/rejection.ts';
import { makeScratch } from '../test/support/scratch.ts';
import { text, textOf } from '../test/support/text.ts';
import { openLocalDisk } from './open-local-disk.ts';
import { openWith } from './open-with.ts';
import type { LocalDiskOptions } from './options.ts';

test('it opens an existing directory and promises the same at every path', async () => {
  await using scratch = await makeScratch();
  await using disk = await openLocalDisk({ root: scratch.root });
  expect(disk.capabilitiesAt('/any/path')).toEqual({
    cas: 'create-only',
    records: false,
    indexed: false,
    contentTypes: false,
    conditionalDelete: false,
    paths: 'tree',
    durability: 'power-loss',
    sharing: 'host',
    maxBodyBytes: 64 * 1024 * 1024,
    maxPathBytes: 1024,
    maxCommitChanges: 0,
    maxCommitBytes: 0,
    planes: [],
  });
  expect(disk.capabilitiesAt('/')).toBe(disk.capabilitiesAt('/any/path'));
});

test.runIf(process.platform === 'linux')('it contains by descriptor on Linux', async () => {
  await using scratch = await makeScratch();
  await using disk = await openLocalDisk({ root: scratch.root });
  expect(disk.containment).toBe('descriptor');
});

test.each<[string, unknown]>([
  ['no options', undefined],
  [
    'options that throw',
    {
      get root() {
        throw new Error('boom');
      },
    },
  ],
  ['an empty root', { root: '' }],
  ['a root that is no string', { root: 7 }],
  ['a root with NUL', { root: 'a\0b' }],
  ['an unknown key', { root: '.', rooot: '.' }],
  ['a create that is no boolean', { root: '.', create: 1 }],
  ['a limit of zero', { root: '.', maxBodyBytes: 0 }],
  ['a limit that is no integer', { root: '.', maxBodyBytes: 1.5 }],
  ['a limit beyond 2 GiB', { root: '.', maxBodyBytes: 2 ** 31 }],
])('it refuses %s', async (_, options) => {
  const error = await rejection(openLocalDisk(options as LocalDiskOptions));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'open' });
});

test.each([
  ['missing', 'root does not exist, and is made only if create is true'],
  ['dangling', 'root does not exist, and is made only if create is true'],
  ['file', 'root is no directory, or is below something that is none'],
  ['file/below', 'root is no directory, or is below something that is none'],
  ['circle', 'root leads through symbolic links that lead back to themselves'],
])('it refuses a root that is %s, says so, and makes nothing', async (name, message) => {
  await using scratch = await makeScratch();
  await writeFile(join(scratch.root, 'file'), '');
  await symlink('nowhere', join(scratch.root, 'dangling'));
  await symlink('circle', join(scratch.root, 'circle'));
  const error = await rejection(openLocalDisk({ root: join(scratch.root, name) }));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'open', retryable: false, message });
  expect((await readdir(scratch.root)).toSorted()).toEqual(['circle', 'dangling', 'file']);
});

test.each([
  ['realpath', 'EACCES', 'the file system refuses access (EACCES)'],
  ['mkdir', 'EACCES', 'the file system refuses access (EACCES)'],
  ['mkdir', 'EROFS', 'the file system is read-only (EROFS)'],
] as const)('a root whose %s fails with %s is ACCESS_DENIED, which no retry mends', async (call, errno, message) => {
  await using scratch = await makeScratch();
  const calls = failing(call, errno);
  const error = await rejection(openWith({ root: join(scratch.root, 'new/deep'), create: true }, { calls }));
  expect(error).toMatchObject({ code: 'ACCESS_DENIED', operation: 'open', retryable: false, message });
  expect(await readdir(scratch.root)).toEqual([]);
});

test.each([
  ['ENOENT', 'BUSY'],
  ['EIO', 'BACKEND_FAILED'],
])('a root that was made, and whose fsync fails with %s, is not open: %s', async (errno, code) => {
  await using scratch = await makeScratch();
  const calls = failing('open', errno, ([, flags]) => flags === 'r');
  const error = await rejection(openWith({ root: join(scratch.root, 'new/deep'), create: true }, { calls }));
  expect(error).toMatchObject({ code, operation: 'open' });
});

test('it makes a missing root, with the directories above it, when asked to', async () => {
  await using scratch = await makeScratch();
  const root = join(scratch.root, 'new', 'deep');
  await using disk = await openLocalDisk({ root, create: true });
  await disk.put('/a', text('x'), 'any');
  expect((await stat(join(root, 'a'))).isFile()).toBe(true);
  await using again = await openLocalDisk({ root, create: true });
  expect(textOf(await again.get('/a'))).toBe('x');
});

test('it refuses to make a root where a file is', async () => {
  await using scratch = await makeScratch();
  await writeFile(join(scratch.root, 'file'), 'kept');
  for (const name of ['file', 'file/below']) {
    const error = await rejection(openLocalDisk({ root: join(scratch.root, name), create: true }));
    expect(error.code).toBe('INVALID_ARGUMENT');
  }
});

test('the root may be relative, and be reached through symbolic links', async () => {
  await using scratch = await makeScratch();
  await symlink(scratch.root, join(scratch.base, 'link'));
  await using direct = await openLocalDisk({ root: relative(process.cwd(), scratch.root) });
  await using linked = await openLocalDisk({ root: join(scratch.base, 'link') });
  await direct.put('/dir/a', text('x'), 'any');
  expect(textOf(await linked.get('/dir/a'))).toBe('x');
});

test('a root that went away is unavailable, never empty', async () => {
  await using scratch = await makeScratch();
  await using disk = await openLocalDisk({ root: scratch.root });
  await disk.put('/a', text('x'), 'any');
  await rm(scratch.root, { recursive: true });
  const calls = [disk.get('/a'), disk.put('/a', text('y'), 'any'), disk.delete('/a', 'any'), disk.list('/')];
  for (const refused of await refusals(calls)) expect(refused).toMatch(/^UNAVAILABLE( not-applied)?$/);
});

test.runIf(process.platform === 'linux').each(['/proc/self/nope', '/dev/fd/nope', '/proc/self/nope/below'])(
  'it refuses to make a root at %s, where none can be made, rather than try forever',
  async (root) => {
    const error = await rejection(openLocalDisk({ root, create: true }));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'open' });
  },
);

test('two that make the same root at once both open it', async () => {
  await using scratch = await makeScratch();
  const root = join(scratch.root, 'a/b/c/d');
  const disks = await Promise.all(Array.from({ length: 8 }, () => openLocalDisk({ root, create: true })));
  await disks[0]?.put('/x', text('x'), 'any');
  expect(textOf(await disks[7]?.get('/x'))).toBe('x');
  await Promise.all(disks.map((disk) => disk.close()));
});

test('a root of the wrong type is told by its type', async () => {
  const { message } = await rejection(openLocalDisk({ root: 7 as unknown as string }));
  expect(message).toBe('root must be the path of a directory; got a number');
});

test('a closed filesystem refuses', async () => {
  await using scratch = await makeScratch();
  const disk = await openLocalDisk({ root: scratch.root });
  await disk.close();
  expect((await rejection(disk.get('/a'))).code).toBe('CLOSED');
});

test('the compiler refuses what the capabilities rule out, and so does the filesystem', async () => {
  await using scratch = await makeScratch();
  await using disk = await openLocalDisk({ root: scratch.root });
  const refused = [
    // @ts-expect-error a record
    disk.put('/a/b', { ...text('x'), kind: 'turn' }, 'absent'),
    // @ts-expect-error an indexed projection
    disk.put('/a/b', { ...text('x'), indexed: { n: 1 } }, 'any'),
    // @ts-expect-error a version
    disk.put('/a/b', text('x'), { version: 'v' }),
    // @ts-expect-error a version
    disk.delete('/a/b', { version: 'v' }),
    disk.put('/a/b', { ...text('x'), contentType: 'text/plain' }, 'any'),
  ];
  expect(await refusals(refused)).toEqual(Array(5).fill('UNSUPPORTED not-applied'));
  expect(await readdir(scratch.root)).toEqual([]);
});
