import { lstat, mkdir, readdir, rmdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CONTAINMENTS } from '../../test/support/containments.ts';
import { openIn } from '../../test/support/open-in.ts';
import { failing, intercept, systemError } from '../../test/support/intercept.ts';
import { refusal, refusals, rejection } from '../../test/support/rejection.ts';
import { makeScratch, snapshotOf, tempsBelow } from '../../test/support/scratch.ts';
import { pathsBelow, text, textOf } from '../../test/support/text.ts';
import { STALE_TEMP_MS } from '../names/sweep-stale-temp.ts';
import { mintTempName } from '../names/temp-name.ts';
import { openWith } from '../open-with.ts';

describe.each(CONTAINMENTS)('contained by $kind', (containment) => {
  test("'any' creates and replaces, and makes the directories on the way", async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    expect(await disk.put('/a/b/c', text('one'), 'any')).toEqual({ version: undefined });
    await disk.put('/a/b/c', text('two'), 'any');
    expect(await disk.get('/a/b/c')).toEqual({
      path: '/a/b/c',
      ...text('two'),
      contentType: 'application/octet-stream',
      kind: undefined,
      indexed: undefined,
      version: undefined,
    });
    expect(await snapshotOf(scratch.root)).toEqual({ a: 'directory', 'a/b': 'directory', 'a/b/c': 'two' });
  });

  test("'absent' creates once and changes nothing after that", async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    await disk.put('/a/b', text('first'), 'absent');
    expect(await refusal(disk.put('/a/b', text('second'), 'absent'))).toBe('VERSION_MISMATCH not-applied');
    await disk.delete('/a/b', 'any');
    await disk.put('/a/b', text('third'), 'absent');
    expect(await snapshotOf(scratch.root)).toEqual({ a: 'directory', 'a/b': 'third' });
    expect((await lstat(join(scratch.root, 'a/b'))).nlink).toBe(1);
  });

  test('an entry and a directory exclude each other, and the refused one changes nothing', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    await disk.put('/file', text('kept'), 'any');
    await disk.put('/dir/a/b', text('kept'), 'any');
    await mkdir(join(scratch.root, 'dir/empty'));
    const before = await snapshotOf(scratch.root);
    for (const expectation of ['any', 'absent'] as const) {
      for (const path of ['/file/x', '/file/x/y/z', '/dir', '/dir/a']) {
        expect(await refusal(disk.put(path, text('lost'), expectation))).toBe('PATH_CONFLICT not-applied');
      }
    }
    expect(await snapshotOf(scratch.root)).toEqual(before);
  });

  test('directories without entries are no conflict', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    for (const [path, expectation] of [
      ['/a', 'any'],
      ['/b', 'absent'],
    ] as const) {
      await mkdir(join(scratch.root, path, 'x/y'), { recursive: true });
      await mkdir(join(scratch.root, path, 'z'), { recursive: true });
      await disk.put(path, text('entry'), expectation);
    }
    expect(await snapshotOf(scratch.root)).toEqual({ a: 'entry', b: 'entry' });
  });

  test('a directory is a conflict when something without a path is below it', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    await mkdir(join(scratch.root, 'a'));
    await writeFile(join(scratch.root, 'a', 'back\\slash'), 'kept');
    expect(await refusal(disk.put('/a', text('lost'), 'any'))).toBe('PATH_CONFLICT not-applied');
    expect(await snapshotOf(scratch.root)).toEqual({ a: 'directory', 'a/back\\slash': 'kept' });
  });

  test('a directory is busy while a write below it is under way, unless that crashed long ago', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    await mkdir(join(scratch.root, 'a'));
    const temp = join(scratch.root, 'a', mintTempName());
    await writeFile(temp, 'half');
    expect(await refusal(disk.put('/a', text('entry'), 'any'))).toBe('BUSY not-applied');
    const stale = (Date.now() - STALE_TEMP_MS) / 1000 - 1;
    await utimes(temp, stale, stale);
    await disk.put('/a', text('entry'), 'any');
    expect(await snapshotOf(scratch.root)).toEqual({ a: 'entry' });
  });

  test('a name of 255 bytes and a path of 1,024 work', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    const paths = [`/${'n'.repeat(255)}`, `/${'é'.repeat(127)}`, `/${'d'.repeat(255)}`.repeat(4)];
    // Checking a path costs its depth, and so going down one its square.
    if (containment.kind === 'descriptor') paths.push(`/${'a/'.repeat(511)}b`);
    for (const path of paths) {
      await disk.put(path, text('one'), 'absent');
      await disk.put(path, text(path), 'any');
      expect(textOf(await disk.get(path))).toBe(path);
    }
    expect((await pathsBelow(disk, '/')).toSorted()).toEqual(paths.toSorted());
    for (const path of paths) await disk.delete(path, 'any');
    expect(await readdir(scratch.root)).toEqual([]);
  });

  test('bodies of 0, 1 and the most bytes come back; one more is refused before anything is touched', async () => {
    await using scratch = await makeScratch();
    const maxBodyBytes = 9 * 1024 * 1024 + 1;
    await using disk = await openWith({ root: scratch.root, maxBodyBytes }, { containment });
    for (const size of [0, 1, maxBodyBytes]) {
      const body = new Uint8Array(size).map((_, index) => index % 251);
      await disk.put(`/of/${size}`, { body }, 'any');
      expect(Buffer.compare((await disk.get(`/of/${size}`))?.body ?? new Uint8Array(1), body)).toBe(0);
    }
    const tooLong = disk.put('/other/x', { body: new Uint8Array(maxBodyBytes + 1) }, 'any');
    expect(await refusal(tooLong)).toBe('BODY_TOO_LARGE not-applied');
    expect(await readdir(scratch.root)).toEqual(['of']);
  });

  test('names of temporary files are refused everywhere, in any case', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    const temp = mintTempName();
    await writeFile(join(scratch.root, temp), 'half');
    for (const path of [`/${temp}`, `/a/${temp.toUpperCase()}/b`]) {
      const calls = [disk.put(path, text('x'), 'any'), disk.delete(path, 'any')];
      expect(await refusals(calls)).toEqual(Array(2).fill('INVALID_PATH not-applied'));
      const reads = [disk.get(path), disk.list(path), disk.entries(path).next()];
      expect(await refusals(reads)).toEqual(Array(3).fill('INVALID_PATH'));
    }
    await disk.put('/.holdfast-notes.tmp', text('x'), 'any');
    expect(await pathsBelow(disk, '/')).toEqual(['/.holdfast-notes.tmp']);
  });

  test('a directory that is pruned under a writer is made again, at whatever call that happens', async () => {
    for (let at = 0, more = true; more; at += 1) {
      await using scratch = await makeScratch();
      let call = 0;
      const calls = intercept(async (_, real) => {
        if (call === at) {
          for (const path of ['a/b', 'a']) await rmdir(join(scratch.root, path)).catch(() => {});
        }
        call += 1;
        return real();
      });
      await using disk = await openIn(scratch, { calls, containment });
      const opened = call;
      await disk.put('/a/b/c', text('x'), 'absent');
      expect(await snapshotOf(scratch.root)).toEqual({ a: 'directory', 'a/b': 'directory', 'a/b/c': 'x' });
      expect(await tempsBelow(scratch.root)).toEqual([]);
      more = call > at && call > opened;
    }
  });
});

test("'absent' is refused as unsupported where there are no hard links, and leaves nothing", async () => {
  for (const errno of ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV']) {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { calls: failing('link', errno) });
    const error = await rejection(disk.put('/a/b', text('x'), 'absent'));
    expect(error).toMatchObject({ code: 'UNSUPPORTED', outcome: 'not-applied', capability: 'cas' });
    expect(await readdir(scratch.root)).toEqual([]);
    await disk.put('/a/b', text('x'), 'any');
  }
});

test.each([
  ['file.write', 'ENOSPC', 'STORAGE_FULL'],
  ['file.sync', 'EDQUOT', 'STORAGE_FULL'],
  ['mkdir', 'ENOSPC', 'STORAGE_FULL'],
  ['file.write', 'EIO', 'BACKEND_FAILED'],
  ['file.write', 'EFBIG', 'BODY_TOO_LARGE'],
  ['mkdir', 'EROFS', 'ACCESS_DENIED'],
  ['rename', 'EACCES', 'ACCESS_DENIED'],
  ['rename', 'EBUSY', 'ACCESS_DENIED'],
] as const)('when %s fails with %s, the write is %s, not applied, and leaves nothing', async (call, errno, code) => {
  await using scratch = await makeScratch();
  await using disk = await openIn(scratch, { calls: failing(call, errno) });
  expect(await refusal(disk.put('/a/b/c', text('x'), 'any'))).toBe(`${code} not-applied`);
  expect(await readdir(scratch.root)).toEqual([]);
});

test('when the directory cannot be fsynced after publication, the outcome is unknown', async () => {
  await using scratch = await makeScratch();
  let published = false;
  const calls = intercept(async (name, real) => {
    if (name === 'file.sync' && published) throw systemError('EIO');
    const result = await real();
    published ||= name === 'rename' || name === 'link';
    return result;
  });
  await using disk = await openIn(scratch, { calls });
  for (const expectation of ['any', 'absent'] as const) {
    published = false;
    const error = await rejection(disk.put(`/a/${expectation}`, text('x'), expectation));
    expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', outcome: 'unknown', retryable: false });
    expect(error.cause).toMatchObject({ code: 'BACKEND_FAILED', outcome: 'unknown' });
  }
  expect(await snapshotOf(scratch.root)).toEqual({ a: 'directory', 'a/any': 'x', 'a/absent': 'x' });
});

test('a temporary file that was swept under a suspended writer is written again', async () => {
  await using scratch = await makeScratch();
  let swept = 0;
  const calls = intercept(async (name, real, args) => {
    if (name === 'rename' && swept < 3) {
      swept += 1;
      await disk.delete('/a/other', 'any');
      await calls.unlink(args[0] as string);
    }
    return real();
  });
  await using disk = await openIn(scratch, { calls });
  await disk.put('/a/b', text('x'), 'any');
  expect(swept).toBe(3);
  expect(await snapshotOf(scratch.root)).toEqual({ a: 'directory', 'a/b': 'x' });
});

test('a directory that an earlier attempt made goes too when a later one fails', async () => {
  await using scratch = await makeScratch();
  let attempts = 0;
  const calls = intercept((name, real) => {
    // Something is in the way of the first attempt, and is gone when the second one looks.
    if (name === 'rename') return Promise.reject(systemError('EISDIR'));
    if (name === 'file.write' && (attempts += 1) === 2) return Promise.reject(systemError('ENOSPC'));
    return real();
  });
  await using disk = await openIn(scratch, { calls });
  expect(await refusal(disk.put('/a/b/c', text('x'), 'any'))).toBe('STORAGE_FULL not-applied');
  expect(attempts).toBe(2);
  expect(await readdir(scratch.root)).toEqual([]);
});

test('a writer whose directory is removed every time gives up as busy', async () => {
  await using scratch = await makeScratch();
  await using disk = await openIn(scratch, { calls: failing('rename', 'ENOENT') });
  expect(await refusal(disk.put('/a', text('x'), 'any'))).toBe('BUSY not-applied');
  expect(await readdir(scratch.root)).toEqual([]);
});
