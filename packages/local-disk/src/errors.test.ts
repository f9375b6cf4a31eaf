import { runInNewContext } from 'node:vm';
import { HoldfastError } from '@holdfast/core';
import { expect, test } from 'vitest';
import { systemError } from '../test/support/intercept.ts';
import { rejection } from '../test/support/rejection.ts';
import { afterPublication, diskError, publicationError, withDiskErrors } from './errors.ts';

test.each([
  ['EACCES', 'ACCESS_DENIED'],
  ['EPERM', 'ACCESS_DENIED'],
  ['EROFS', 'ACCESS_DENIED'],
  ['ELOOP', 'ACCESS_DENIED'],
  ['EBUSY', 'ACCESS_DENIED'],
  ['ENOSPC', 'STORAGE_FULL'],
  ['EDQUOT', 'STORAGE_FULL'],
  ['EFBIG', 'BODY_TOO_LARGE'],
  ['ENAMETOOLONG', 'INVALID_PATH'],
  ['EILSEQ', 'INVALID_PATH'],
  ['EEXIST', 'PATH_CONFLICT'],
  ['ENOTEMPTY', 'PATH_CONFLICT'],
  ['ENOTDIR', 'PATH_CONFLICT'],
  ['EISDIR', 'PATH_CONFLICT'],
  ['ENOENT', 'BUSY'],
  ['EMFILE', 'BUSY'],
  ['ENFILE', 'BUSY'],
  ['EXDEV', 'BACKEND_FAILED'],
  ['EIO', 'BACKEND_FAILED'],
])('%s becomes %s, not applied, without a host path', async (errno, code) => {
  const error = await rejection(Promise.reject(diskError(systemError(errno))));
  expect(error).toMatchObject({ code, outcome: 'not-applied', cause: { code: errno } });
});

test('an error that is no failed system call promises nothing', () => {
  expect(diskError(new TypeError('bug'))).toMatchObject({ code: 'BACKEND_FAILED', outcome: 'unknown' });
});

test('a HoldfastError stays the same object', () => {
  const error = new HoldfastError('BUSY', 'busy');
  expect(diskError(error)).toBe(error);
});

test('a publishing call that was refused changed nothing; one that failed may have', () => {
  expect(publicationError(systemError('EACCES')).outcome).toBe('not-applied');
  expect(publicationError(systemError('EIO')).outcome).toBe('unknown');
  expect(publicationError(systemError('ESTALE')).outcome).toBe('unknown');
});

test('after publication no error promises that nothing changed', async () => {
  const error = await rejection(afterPublication(() => Promise.reject(systemError('ENOSPC'))));
  expect(error).toMatchObject({ code: 'STORAGE_FULL', outcome: 'unknown' });
});

test('an operation can name another path than its caller did', async () => {
  const error = await rejection(withDiskErrors(() => Promise.reject(systemError('EACCES')), '/child'));
  expect(error.path).toBe('/child');
});

test('an error of another realm is told as one of this', async () => {
  const foreign = runInNewContext(`Object.assign(new Error(), { code: 'EACCES', syscall: 'open' })`) as Error;
  expect(await rejection(Promise.reject(diskError(foreign)))).toMatchObject({ code: 'ACCESS_DENIED' });
});
