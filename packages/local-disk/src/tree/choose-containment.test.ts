import { rename } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { failing, intercept, permissionError, systemError, type CallName } from '../../test/support/intercept.ts';
import { openFiles } from '../../test/support/open-files.ts';
import { rejection } from '../../test/support/rejection.ts';
import { makeScratch } from '../../test/support/scratch.ts';
import { openWith } from '../open-with.ts';

test.each<[CallName, string, string, boolean]>([
  ['realpath', 'EMFILE', 'BUSY', true],
  ['open', 'EMFILE', 'BUSY', true],
  ['open', 'ENFILE', 'BUSY', true],
  ['open', 'ENOMEM', 'BUSY', true],
  ['open', 'EIO', 'BACKEND_FAILED', false],
  ['open', 'EACCES', 'ACCESS_DENIED', false],
  ['file.stat', 'EIO', 'BACKEND_FAILED', false],
])('a root whose %s fails with %s is refused with %s, and no handle is left', async (call, errno, code, retryable) => {
  await using scratch = await makeScratch();
  const before = openFiles(scratch);
  const error = await rejection(openWith(scratch.open, { calls: failing(call, errno) }));
  expect(error).toMatchObject({ code, retryable, operation: 'open' });
  expect(openFiles(scratch)).toBe(before);
});

describe.runIf(process.platform === 'linux')('on Linux', () => {
  test.each<[CallName, string, string]>([
    ['readlink', 'EMFILE', 'BUSY'],
    ['readlink', 'ENFILE', 'BUSY'],
    ['readlink', 'ENOMEM', 'BUSY'],
    ['readlink', 'EIO', 'BACKEND_FAILED'],
    ['readlink', 'EACCES', 'ACCESS_DENIED'],
    ['lstat', 'ENOMEM', 'BUSY'],
    ['lstat', 'EIO', 'BACKEND_FAILED'],
  ])(
    '%s failing with %s opens nothing that is contained weakly: %s, and no handle is left',
    async (call, errno, code) => {
      await using scratch = await makeScratch();
      const before = openFiles(scratch);
      const error = await rejection(openWith(scratch.open, { calls: failing(call, errno) }));
      expect(error).toMatchObject({ code, operation: 'open' });
      expect(openFiles(scratch)).toBe(before);
    },
  );

  test.each([
    ['there is no /proc', () => Promise.reject(systemError('ENOENT'))],
    ['/proc is something else', () => Promise.reject(systemError('ENOTDIR'))],
    ["Node's permission model leaves /proc out", () => Promise.reject(permissionError())],
    ['/proc knows the root by another path', () => Promise.resolve('/elsewhere')],
  ])('when %s, paths are checked instead, and the filesystem says so', async (_, readlink) => {
    await using scratch = await makeScratch();
    const calls = intercept((name, real) => (name === 'readlink' ? readlink() : real()));
    await using disk = await openWith(scratch.open, { calls });
    expect(disk.containment).toBe('path-checks');
  });

  test('a root that is moved away and back while it is opened does not weaken the choice', async () => {
    await using scratch = await makeScratch();
    let moved = false;
    const calls = intercept(async (name, real) => {
      if (name !== 'readlink' || moved) return real();
      moved = true;
      await rename(scratch.root, `${scratch.root}.aside`);
      const answer = await real();
      await rename(`${scratch.root}.aside`, scratch.root);
      return answer;
    });
    await using disk = await openWith(scratch.open, { calls });
    expect(moved).toBe(true);
    expect(disk.containment).toBe('descriptor');
  });

  test('a root that is moved away while it is opened is unavailable', async () => {
    await using scratch = await makeScratch();
    const calls = intercept(async (name, real) => {
      if (name === 'readlink') await rename(scratch.root, `${scratch.root}.aside`);
      return real();
    });
    const before = openFiles(scratch);
    const error = await rejection(openWith(scratch.open, { calls }));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', operation: 'open', retryable: true });
    expect(openFiles(scratch)).toBe(before);
  });
});
