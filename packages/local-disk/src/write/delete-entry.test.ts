import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CONTAINMENTS } from '../../test/support/containments.ts';
import { openIn } from '../../test/support/open-in.ts';
import { failing, intercept, permissionError, systemError } from '../../test/support/intercept.ts';
import { refusal, rejection } from '../../test/support/rejection.ts';
import { makeScratch, snapshotOf } from '../../test/support/scratch.ts';
import { text } from '../../test/support/text.ts';
import { mintTempName } from '../names/temp-name.ts';

describe.each(CONTAINMENTS)('contained by $kind', (containment) => {
  test('it deletes an entry, and what is none is not deleted', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    await disk.put('/a/b', text('x'), 'any');
    for (const path of ['/a', '/a/b/c', '/a/x', '/x/y/z']) {
      expect(await disk.delete(path, 'any')).toEqual({ deleted: false });
    }
    expect(await disk.delete('/a/b', 'any')).toEqual({ deleted: true });
    expect(await disk.delete('/a/b', 'any')).toEqual({ deleted: false });
  });

  test('it removes the directories that are empty by it, and never the root', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    await disk.put('/a/b/c/d', text('x'), 'any');
    await disk.put('/a/kept', text('x'), 'any');
    await disk.delete('/a/b/c/d', 'any');
    expect(await snapshotOf(scratch.root)).toEqual({ a: 'directory', 'a/kept': 'x' });
    await disk.delete('/a/kept', 'any');
    expect(await readdir(scratch.root)).toEqual([]);
  });

  test('it keeps a directory in which a write is under way, or anything else is', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    for (const [path, name] of [
      ['/a/x', mintTempName()],
      ['/b/x', 'back\\slash'],
    ] as const) {
      await disk.put(path, text('x'), 'any');
      await writeFile(join(scratch.root, path, '..', name), 'kept');
      expect(await disk.delete(path, 'any')).toEqual({ deleted: true });
    }
    expect(Object.values(await snapshotOf(scratch.root))).toEqual(['directory', 'directory', 'kept', 'kept']);
  });

  test('a directory that others prune meanwhile is no failure, at whatever call that happens', async () => {
    for (let at = 0, more = true; more; at += 1) {
      await using scratch = await makeScratch();
      let call = 0;
      await using other = await openIn(scratch, { containment });
      const calls = intercept(async (_, real) => {
        if (call === at) await other.delete('/a/b/c', 'any');
        call += 1;
        return real();
      });
      await other.put('/a/b/c', text('x'), 'any');
      await using disk = await openIn(scratch, { calls, containment });
      await disk.delete('/a/b/c', 'any');
      expect(await readdir(scratch.root)).toEqual([]);
      more = call > at;
    }
  });
});

test('a failed unlink is not applied; a failed fsync after it leaves the outcome unknown', async () => {
  await using scratch = await makeScratch();
  await using plain = await openIn(scratch);
  await plain.put('/a', text('x'), 'any');
  await using readOnly = await openIn(scratch, { calls: failing('unlink', 'EROFS') });
  expect(await refusal(readOnly.delete('/a', 'any'))).toBe('ACCESS_DENIED not-applied');
  expect(await snapshotOf(scratch.root)).toEqual({ a: 'x' });
  await using broken = await openIn(scratch, { calls: failing('unlink', 'EIO') });
  expect(await refusal(broken.delete('/a', 'any'))).toBe('OUTCOME_UNKNOWN unknown');
  await using unsynced = await openIn(scratch, { calls: failing('file.sync', 'EIO') });
  expect(await refusal(unsynced.delete('/a', 'any'))).toBe('OUTCOME_UNKNOWN unknown');
});

test('a failure to prune is not a failure to delete', async () => {
  await using scratch = await makeScratch();
  await using disk = await openIn(scratch, { calls: failing('rmdir', 'EIO') });
  await disk.put('/a/b', text('x'), 'any');
  expect(await disk.delete('/a/b', 'any')).toEqual({ deleted: true });
  expect(await snapshotOf(scratch.root)).toEqual({ a: 'directory' });
});

test('an entry that becomes a directory before it is unlinked is not deleted', async () => {
  await using scratch = await makeScratch();
  const calls = intercept(async (name, real) => {
    if (name === 'unlink') throw systemError('EISDIR');
    return real();
  });
  await mkdir(join(scratch.root, 'a'));
  await writeFile(join(scratch.root, 'a', 'b'), 'x');
  await using disk = await openIn(scratch, { calls });
  expect(await disk.delete('/a/b', 'any')).toEqual({ deleted: false });
});

test('deleting with a failing open names the code', async () => {
  await using scratch = await makeScratch();
  await using disk = await openIn(scratch, { calls: failing('open', 'EMFILE') });
  expect(await rejection(disk.delete('/a', 'any'))).toMatchObject({ code: 'BUSY', retryable: true });
});

test("where Node's permission model denies every fsync, nothing is deleted", async () => {
  await using scratch = await makeScratch();
  await writeFile(join(scratch.root, 'a'), 'x');
  const calls = intercept((name, real) => (name === 'file.sync' ? Promise.reject(permissionError()) : real()));
  await using disk = await openIn(scratch, { calls });
  Object.defineProperty(process, 'permission', { value: { has: () => true }, configurable: true });
  try {
    expect(await refusal(disk.delete('/a', 'any'))).toBe('ACCESS_DENIED not-applied');
  } finally {
    Reflect.deleteProperty(process, 'permission');
  }
  expect(await snapshotOf(scratch.root)).toEqual({ a: 'x' });
});
