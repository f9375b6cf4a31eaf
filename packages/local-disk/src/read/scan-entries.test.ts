import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareCodePoints } from '@holdfast/core/adapter';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONTAINMENTS } from '../../test/support/containments.ts';
import { intercept } from '../../test/support/intercept.ts';
import { openIn } from '../../test/support/open-in.ts';
import { makeScratch } from '../../test/support/scratch.ts';
import { pathsBelow, text } from '../../test/support/text.ts';
import { rangeDirectory } from './range-directory.ts';

describe.each(CONTAINMENTS)('contained by $kind', (containment) => {
  test('entries come in code point order of whole paths, not of names', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    const paths = ['/A', '/a!b', '/a-', '/a/x', '/a/y/z', '/a0', '/b/1', '/b/10', '/b/2', '/\uff5e', '/😀'];
    for (const path of paths.toReversed()) await disk.put(path, text('x'), 'any');
    expect(await pathsBelow(disk, '/')).toEqual(paths);
    expect(await pathsBelow(disk, '/a')).toEqual(['/a/x', '/a/y/z']);
  });

  test('what vanishes, or becomes a link, between being seen and being read is left out', async () => {
    await using scratch = await makeScratch();
    const at = (name: string): string => join(scratch.root, name);
    let stage = 'preparing';
    const calls = intercept(async (name, real) => {
      const result = await real();
      if (stage === 'scanning' && name === 'opendir') stage = 'reading names';
      // The handle of the root is closed once its names were read.
      if (stage !== 'reading names' || name !== 'file.close') return result;
      stage = 'reading bodies';
      await rm(at('a'));
      await rm(at('dir'), { recursive: true });
      await rename(at('moved'), join(scratch.outside, 'moved'));
      await symlink(join(scratch.outside, 'moved'), at('moved'));
      await rm(at('file'));
      await symlink(join(scratch.outside, 'moved/x'), at('file'));
      return result;
    });
    await using disk = await openIn(scratch, { calls, containment });
    for (const path of ['/a', '/b', '/dir/x', '/file', '/moved/x', '/z']) await disk.put(path, text(path), 'any');
    stage = 'scanning';
    expect(await pathsBelow(disk, '/')).toEqual(['/b', '/z']);
    expect(stage).toBe('reading bodies');
  });
});

test('a scan reads only the directories that its range reaches into, and only the bodies of its page', async () => {
  await using scratch = await makeScratch();
  let read: string[] = [];
  const calls = intercept((name, real) => {
    if (name === 'opendir' || name === 'file.read') read.push(name);
    return real();
  });
  await using disk = await openIn(scratch, { calls });
  for (const dir of ['a', 'b', 'c']) {
    for (const name of ['1', '2', '3/x']) await disk.put(`/${dir}/${name}`, text('x'), 'any');
  }
  const next = async (prefix: string, after?: string): Promise<string | undefined> => {
    read = [];
    const entry = await disk.entries(prefix, { pageSize: 1, after }).next();
    return entry.done === true ? undefined : entry.value.path;
  };
  expect(await next('/b')).toBe('/b/1');
  expect(read).toEqual(['opendir', 'file.read']);
  expect(await next('/b', '/b/1')).toBe('/b/2');
  expect(read).toEqual(['opendir', 'file.read']);
  expect(await next('/', '/b/2')).toBe('/b/3/x');
  expect(read).toEqual(['opendir', 'opendir', 'opendir', 'file.read']);
  expect(await next('/b/3/x')).toBeUndefined();
  expect(read).toEqual([]);
});

test.each([
  [{ from: '/', below: '0' }, '/'],
  [{ from: '/a/', below: '/a0' }, '/a'],
  [{ from: '/a/b\u0001', below: '/a0' }, '/a'],
  [{ from: '/a/b/c\u0001', below: '/a0' }, '/a'],
  [{ from: '/a/b/', below: '/a/b0' }, '/a/b'],
  [{ from: '/a/b/c', below: '/a/b/d' }, '/a/b'],
  [{ from: '/a', below: '/b' }, '/'],
])('the range %o starts in %s', (range, directory) => {
  expect(rangeDirectory(range)).toBe(directory);
});

const SEGMENT = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'a!', 'a-', 'a0', 'ab', '!', '~') },
  fc.constantFrom('\uff5e', '😀', 'é', '%2f', ' ', '...', '\ue000'),
);
const PATH = fc.array(SEGMENT, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join('/')}`);

/** The paths without those that are below another one, which a tree does not take. */
function treeOf(paths: readonly string[]): string[] {
  const kept = [...new Set(paths)].filter((path) => !paths.some((other) => path.startsWith(`${other}/`)));
  return kept.toSorted(compareCodePoints);
}

test('entries and list agree with a sorted list of paths, whatever the prefix, the page and the start', async () => {
  const property = fc.asyncProperty(
    fc.uniqueArray(PATH, { maxLength: 25 }),
    fc.oneof(fc.constant('/'), PATH),
    fc.integer({ min: 1, max: 4 }),
    async (wanted, prefix, pageSize) => {
      await using scratch = await makeScratch();
      await using disk = await openIn(scratch);
      const paths = treeOf(wanted);
      for (const path of paths) {
        await mkdir(join(scratch.root, path, '..'), { recursive: true });
        await writeFile(join(scratch.root, path), path);
      }
      const start = prefix === '/' ? '/' : `${prefix}/`;
      const below = paths.filter((path) => path.startsWith(start));
      for (const after of [undefined, ...below]) {
        const seen: string[] = [];
        for await (const { path } of disk.entries(prefix, { pageSize, after })) seen.push(path);
        expect(seen).toEqual(below.slice(after === undefined ? 0 : below.indexOf(after) + 1));
      }
      const names = [...new Set(below.map((path) => path.slice(start.length).split('/')[0] ?? ''))];
      const listed: string[] = [];
      let after: string | undefined;
      do {
        const page = await disk.list(prefix, { limit: pageSize, after });
        for (const child of page.children) {
          expect(child.isEntry).toBe(below.includes(start + child.name));
          expect(child.isPrefix).toBe(!child.isEntry);
          listed.push(child.name);
        }
        after = page.next;
      } while (after !== undefined);
      expect(listed).toEqual(names.toSorted(compareCodePoints));
    },
  );
  await fc.assert(property, { numRuns: 100 });
});
