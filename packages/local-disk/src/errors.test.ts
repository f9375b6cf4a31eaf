import { runInNewContext } from 'node:vm';
import { constants } from 'node:os';
import { HoldfastError } from '@holdfast/core';
import { expect, test } from 'vitest';
import { permissionError, systemError } from '../test/support/intercept.ts';
import { rejection } from '../test/support/rejection.ts';
import { afterPublication, diskError, publicationError, withDiskErrors } from './errors.ts';

test.each([
  ['EACCES', 'ACCESS_DENIED'],
  ['EPERM', 'ACCESS_DENIED'],
  ['EROFS', 'ACCESS_DENIED'],
  ['ELOOP', 'ACCESS_DENIED'],
  ['EBUSY', 'ACCESS_DENIED'],
  ['ETXTBSY', 'ACCESS_DENIED'],
  ['ENOSPC', 'STORAGE_FULL'],
  ['EDQUOT', 'STORAGE_FULL'],
  ['EMLINK', 'STORAGE_FULL'],
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
  ['ENOMEM', 'BUSY'],
  ['EINTR', 'BUSY'],
  ['ESTALE', 'UNAVAILABLE'],
  ['ENOTCONN', 'UNAVAILABLE'],
  ['ETIMEDOUT', 'UNAVAILABLE'],
  ['EXDEV', 'BACKEND_FAILED'],
  ['EINVAL', 'BACKEND_FAILED'],
  ['EIO', 'BACKEND_FAILED'],
])('%s becomes %s, not applied, and the message has its name and no host path', async (errno, code) => {
  const error = await rejection(Promise.reject(diskError(systemError(errno))));
  expect(error).toMatchObject({ code, outcome: 'not-applied' });
  expect(error.rawCause()).toMatchObject({ code: errno });
  expect(error.message).toContain(`(${errno})`);
});

test('an error that libuv has no name for is told by its number', () => {
  const { EDQUOT, ESTALE } = constants.errno;
  const unnamed = (errno: number): Error =>
    Object.assign(systemError(`Unknown system error -${errno}`), { errno: -errno });
  expect(diskError(unnamed(EDQUOT)).message).toBe('the disk or the quota is full (EDQUOT)');
  expect(diskError(unnamed(ESTALE)).code).toBe('UNAVAILABLE');
  expect(diskError(unnamed(9999)).message).toBe('the file system failed (UNKNOWN)');
});

test("what Node's permission model denies is no failed system call, and has changed nothing", async () => {
  const error = await rejection(Promise.reject(diskError(permissionError())));
  expect(error).toMatchObject({ code: 'ACCESS_DENIED', outcome: 'not-applied', retryable: false });
  expect(publicationError(permissionError()).outcome).toBe('not-applied');
});

test('an error that is no failed system call promises nothing', () => {
  expect(diskError(new TypeError('bug'))).toMatchObject({ code: 'BACKEND_FAILED', outcome: 'unknown' });
});

test('a HoldfastError stays the same object', () => {
  const error = new HoldfastError('BUSY', 'busy');
  expect(diskError(error)).toBe(error);
});

test.each(['EACCES', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENAMETOOLONG', 'EXDEV', 'EINVAL', 'EBUSY'])(
  'a publishing call that was refused with %s changed nothing',
  (errno) => expect(publicationError(systemError(errno)).outcome).toBe('not-applied'),
);

test.each(['EIO', 'ESTALE', 'ETIMEDOUT', 'ENOTCONN', 'EINTR', 'ENOMEM', 'UNKNOWN', 'EHWPOISON'])(
  'a publishing call that failed with %s may have changed something',
  (errno) => expect(publicationError(systemError(errno)).outcome).toBe('unknown'),
);

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
