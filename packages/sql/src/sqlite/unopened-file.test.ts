import { statSync, type PathLike } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HoldfastError, type ErrorCode } from '@holdfast/core';
import { makeScratchDirectory } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { unopenedFile } from './unopened-file.ts';

const unavailable = new HoldfastError('UNAVAILABLE', 'cannot be opened');

/** Where a file is, below a directory that the test made. */
type Make = (directory: string) => Promise<string>;

const cases: readonly (readonly [what: string, make: Make, code: ErrorCode, reason: string])[] = [
  ['a directory that does not exist', async (at) => join(at, 'no', 'file'), 'INVALID_ARGUMENT', 'ENOENT'],
  [
    'a file for a directory',
    async (at) => (await writeFile(join(at, 'file'), ''), join(at, 'file', 'file')),
    'INVALID_ARGUMENT',
    'ENOTDIR',
  ],
  [
    'a directory for a file',
    async (at) => (await mkdir(join(at, 'file')), join(at, 'file')),
    'INVALID_ARGUMENT',
    'EISDIR',
  ],
  [
    'a link to itself',
    async (at) => (await symlink('file', join(at, 'file')), join(at, 'file')),
    'INVALID_ARGUMENT',
    'ELOOP',
  ],
  ['a name that is too long', async (at) => join(at, 'x'.repeat(300)), 'INVALID_ARGUMENT', 'ENAMETOOLONG'],
];

test.each(cases)('%s is told, and is not worth a retry', async (_, make, code, reason) => {
  await using scratch = await makeScratchDirectory('canary');
  const error = unopenedFile(unavailable, await make(scratch.path), { create: true });
  expect(error).toMatchObject({ code, outcome: 'not-applied', retryable: false });
  expect(error.message).toContain(`(${reason})`);
  expect(error.message).not.toContain('canary');
});

test('a file that is missing is told where it may not be created, and else nothing is wrong with it', async () => {
  await using scratch = await makeScratchDirectory('unopened');
  const file = join(scratch.path, 'file');
  expect(unopenedFile(unavailable, file, { create: false })).toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(unopenedFile(unavailable, file, { create: true })).toBe(unavailable);
});

// Root may write everywhere, so that no test can rely on being denied.
test.each(['EACCES', 'EPERM', 'EROFS', 'ERR_ACCESS_DENIED'])(
  'a file or a directory that the system denies with %s is ACCESS_DENIED',
  async (reason) => {
    await using scratch = await makeScratchDirectory('unopened');
    const file = join(scratch.path, 'file');
    await writeFile(file, '');
    for (const denied of [scratch.path, file]) {
      const accessSync = (path: PathLike): void => {
        if (path === denied) throw Object.assign(new Error('canary'), { code: reason });
      };
      const error = unopenedFile(unavailable, file, { create: true }, { statSync, accessSync });
      expect(error).toMatchObject({ code: 'ACCESS_DENIED', retryable: false, outcome: 'not-applied' });
      expect(error.message).toContain(`(${reason})`);
      expect(error.message).not.toContain('canary');
    }
  },
);

test('what may pass stays what it is', async () => {
  await using scratch = await makeScratchDirectory('unopened');
  const accessSync = (): void => {
    throw Object.assign(new Error('canary'), { code: 'EMFILE' });
  };
  const file = join(scratch.path, 'file');
  expect(unopenedFile(unavailable, file, { create: true }, { statSync, accessSync })).toBe(unavailable);
});

test('an error that says more than that stays as it is', () => {
  const corrupt = new HoldfastError('CORRUPT', 'damaged');
  expect(unopenedFile(corrupt, '/no/such/file', { create: false })).toBe(corrupt);
});
