import { mkdir, readdir, realpath, rename, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openWith } from '../src/open-with.ts';
import { CONTAINMENTS } from './support/containments.ts';
import { openIn } from './support/open-in.ts';
import { refusals } from './support/rejection.ts';
import { makeScratch, snapshotOf } from './support/scratch.ts';
import { namesIn, pathsBelow, text } from './support/text.ts';

/** Links of every kind, each with what a call sees who follows it. */
const LINKS = {
  'to a file outside': '../outside/secret',
  'to a directory outside': '../outside',
  'to a file inside': 'inside/file',
  'to a directory inside': 'inside',
  'to itself': 'link',
  'to nothing': '../outside/nothing',
  'to the root of the host': '/',
} as const;

describe.each(CONTAINMENTS)('contained by $kind', (containment) => {
  describe.each(Object.entries(LINKS))('a symbolic link %s', (_, target) => {
    test.each(['/link', '/link/x', '/link/secret', '/link/x/y/z', '/dir/link', '/dir/link/secret'])(
      'is refused at %s by every call, and nothing is touched',
      async (path) => {
        await using scratch = await makeScratch();
        await writeFile(join(scratch.outside, 'secret'), 'SECRET');
        await mkdir(join(scratch.root, 'inside'));
        await writeFile(join(scratch.root, 'inside/file'), 'x');
        await mkdir(join(scratch.root, 'dir'));
        const from = path.startsWith('/dir') && !target.startsWith('/') && target !== 'link' ? `../${target}` : target;
        await symlink(from, join(scratch.root, path.startsWith('/dir') ? 'dir/link' : 'link'));
        const before = await snapshotOf(scratch.base);
        await using disk = await openIn(scratch, { containment });
        const reads = [disk.get(path), disk.list(path), pathsBelow(disk, path)];
        expect(await refusals(reads)).toEqual(Array(3).fill('ACCESS_DENIED'));
        const writes = [
          disk.put(path, text('x'), 'any'),
          disk.put(path, text('x'), 'absent'),
          disk.delete(path, 'any'),
        ];
        expect(await refusals(writes)).toEqual(Array(3).fill('ACCESS_DENIED not-applied'));
        expect(await namesIn(disk, '/')).toEqual(['inside']);
        expect(await pathsBelow(disk, '/')).toEqual(['/inside/file']);
        expect(await snapshotOf(scratch.base)).toEqual(before);
      },
    );
  });

  test('a root below a symbolic link that is turned elsewhere keeps to the directory that was opened', async () => {
    await using scratch = await makeScratch();
    await symlink(scratch.root, join(scratch.base, 'link'));
    await using disk = await openWith({ root: join(scratch.base, 'link') }, { containment });
    await unlink(join(scratch.base, 'link'));
    await symlink(scratch.outside, join(scratch.base, 'link'));
    await disk.put('/a', text('x'), 'any');
    expect(await readdir(scratch.outside)).toEqual([]);
    expect(await realpath(join(scratch.root, 'a'))).toBe(join(scratch.root, 'a'));
  });

  test('a root that is itself swapped for a symbolic link is unavailable', async () => {
    await using scratch = await makeScratch();
    await writeFile(join(scratch.outside, 'secret'), 'SECRET');
    await using disk = await openIn(scratch, { containment });
    await rename(scratch.root, `${scratch.root}.aside`);
    await symlink(scratch.outside, scratch.root);
    const calls = [disk.get('/secret'), disk.put('/x', text('x'), 'any'), disk.list('/')];
    for (const refused of await refusals(calls)) expect(refused).toMatch(/^UNAVAILABLE( not-applied)?$/);
    expect(await snapshotOf(scratch.outside)).toEqual({ secret: 'SECRET' });
  });
});
