import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isHoldfastError } from '@holdfast/core';
import { describe, expect, test } from 'vitest';
import type { LocalDiskFilesystem } from '../src/local-disk-filesystem.ts';
import { CONTAINMENTS } from './support/containments.ts';
import { failing, intercept, systemError, type CallName, type Interceptor } from './support/intercept.ts';
import { openIn } from './support/open-in.ts';
import { refusal, refusals } from './support/rejection.ts';
import { makeScratch, snapshotOf, type Scratch } from './support/scratch.ts';
import { pathsBelow, text, textOf } from './support/text.ts';

const CALLS: Readonly<Record<string, (disk: LocalDiskFilesystem, path: string) => Promise<unknown>>> = {
  get: (disk, path) => disk.get(path),
  list: (disk, path) => disk.list(path),
  entries: (disk, path) => pathsBelow(disk, path),
  "put 'any'": (disk, path) => disk.put(path, text('new'), 'any'),
  "put 'absent'": (disk, path) => disk.put(`${path}-new`, text('new'), 'absent'),
  delete: (disk, path) => disk.delete(path, 'any'),
};

const codeOf = (error: unknown): unknown => (isHoldfastError(error) ? error.code : error);

/** Puts another directory in the place of the root, with the same names in it, as a mount that goes away does. */
async function replaceRoot({ base, root }: Scratch, paths: readonly string[]): Promise<void> {
  await rename(root, join(base, 'aside'));
  await mkdir(root);
  for (const path of paths) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), 'not ours');
  }
}

describe.each(CONTAINMENTS)('contained by $kind', (containment) => {
  test.each([
    ['an empty directory', []],
    ['a directory with the same names', ['/a', '/x/y/z']],
  ])('a root that was replaced by %s is unavailable to every call, and is left alone', async (_, names) => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    for (const path of ['/a', '/x/y/z']) await disk.put(path, text('ours'), 'any');
    await replaceRoot(scratch, names);
    const before = await snapshotOf(scratch.base);
    for (const path of ['/a', '/x/y/z', '/other', '/other/deep/er']) {
      const answers = await refusals(Object.values(CALLS).map((call) => call(disk, path)));
      const [unavailable, notApplied] = ['UNAVAILABLE', 'UNAVAILABLE not-applied'];
      expect(answers).toEqual([unavailable, unavailable, unavailable, notApplied, notApplied, notApplied]);
    }
    expect(await refusals([disk.list('/'), pathsBelow(disk, '/')])).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    expect(await snapshotOf(scratch.base)).toEqual(before);
  });

  test('a root that comes back is available again', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    await disk.put('/a/b', text('ours'), 'any');
    await replaceRoot(scratch, []);
    expect(await refusal(disk.get('/a/b'))).toBe('UNAVAILABLE');
    await rm(scratch.root, { recursive: true });
    await rename(join(scratch.base, 'aside'), scratch.root);
    expect(textOf(await disk.get('/a/b'))).toBe('ours');
  });

  test.each(Object.entries(CALLS))(
    'replaced before any single call of %s, the root is never taken for one without the entry',
    async (name, operation) => {
      for (let at = 0, more = true; more; at += 1) {
        await using scratch = await makeScratch();
        let made = -1;
        const calls = intercept(async (_: CallName, real) => {
          made += made < 0 ? 0 : 1;
          if (made === at + 1) await replaceRoot(scratch, []);
          return real();
        });
        const disk = await openIn(scratch, { calls, containment });
        await disk.put('/a/b', text('ours'), 'any');
        made = 0;
        const path = name === 'list' || name === 'entries' ? '/a' : '/a/b';
        const answer = await operation(disk, path).then(
          (value) => value,
          (error: unknown) => error,
        );
        more = made > at;
        for (const absent of [undefined, { deleted: false }, { children: [], next: undefined }, []]) {
          expect(answer, `${name}, call ${at}`).not.toEqual(absent);
        }
        if (more) expect(await snapshotOf(scratch.root), `${name}, call ${at}`).toEqual({});
        await disk.close();
      }
    },
  );
});

describe.each(CONTAINMENTS)('contained by $kind', (containment) => {
  test('replaced while the way down is walked, after a directory on it was made again, no entry is missed', async () => {
    for (let at = 1, more = true; more; at += 1) {
      await using scratch = await makeScratch();
      let made = -1;
      const calls = intercept(async (_, real) => {
        made += made < 0 ? 0 : 1;
        // As when somebody removed the directory and made it again: what opens it walks, to see why it is not there.
        if (made === 1) throw systemError('ENOENT');
        if (made === at + 1) await replaceRoot(scratch, []);
        return real();
      });
      await using disk = await openIn(scratch, { calls, containment });
      await disk.put('/a/b', text('ours'), 'any');
      made = 0;
      const answer = await disk.get('/a/b').then(textOf, codeOf);
      more = made > at;
      expect(['ours', 'UNAVAILABLE', 'ACCESS_DENIED']).toContain(answer);
    }
  });
});

// Node shows the time of change for the time of birth where there is none.
const withoutBirth: Interceptor = async (_, call) => {
  const found = (await call()) as { birthtimeNs?: bigint; ctimeNs?: bigint } | undefined;
  return found?.ctimeNs === undefined ? found : Object.assign(found, { birthtimeNs: found.ctimeNs });
};

test.each([
  ['', intercept((_, call) => call())],
  [', also where the file system keeps no time of birth', intercept(withoutBirth)],
])('a root that was removed and made again at once is not taken for the old one%s', async (_, calls) => {
  for (const containment of CONTAINMENTS) {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { calls, containment });
    await disk.put('/a', text('x'), 'any');
    await rm(scratch.root, { recursive: true });
    // A file system that numbers inodes as they are free gives the new directory the number of the old one.
    await mkdir(scratch.root);
    expect(await refusals([disk.get('/a'), disk.put('/a', text('x'), 'any')])).toEqual([
      'UNAVAILABLE',
      'UNAVAILABLE not-applied',
    ]);
  }
});

test('a root that cannot be looked at is an error, never absence', async () => {
  await using scratch = await makeScratch();
  const calls = failing('lstat', 'EIO', ([path]) => String(path).startsWith('/proc/') || String(path).endsWith('/.'));
  await using disk = await openIn(scratch, { calls });
  expect(await refusal(disk.get('/a'))).toBe('BACKEND_FAILED');
});
