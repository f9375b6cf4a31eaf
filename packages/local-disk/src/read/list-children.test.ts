import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CONTAINMENTS } from '../../test/support/containments.ts';
import { failing, intercept } from '../../test/support/intercept.ts';
import { openIn } from '../../test/support/open-in.ts';
import { rejection } from '../../test/support/rejection.ts';
import { makeScratch } from '../../test/support/scratch.ts';
import { namesIn, pathsBelow, text } from '../../test/support/text.ts';

describe.each(CONTAINMENTS)('contained by $kind', (containment) => {
  test('children come in code point order, each an entry or a prefix', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    for (const path of ['/b', '/a/x', '/a!', '/Z', '/\uff5e', '/😀', '/é/1/2']) await disk.put(path, text('x'), 'any');
    expect((await disk.list('/')).children).toEqual([
      { name: 'Z', isEntry: true, isPrefix: false },
      { name: 'a', isEntry: false, isPrefix: true },
      { name: 'a!', isEntry: true, isPrefix: false },
      { name: 'b', isEntry: true, isPrefix: false },
      { name: 'é', isEntry: false, isPrefix: true },
      { name: '\uff5e', isEntry: true, isPrefix: false },
      { name: '😀', isEntry: true, isPrefix: false },
    ]);
  });

  test('`after` is exclusive and need not exist, and pages end exactly', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    for (const name of ['a', 'b', 'c', 'd']) await disk.put(`/dir/${name}`, text('x'), 'any');
    const names = async (options: object): Promise<unknown> => {
      const { children, next } = await disk.list('/dir', options);
      return [children.map(({ name }) => name).join(''), next];
    };
    expect(await names({ limit: 2 })).toEqual(['ab', 'b']);
    expect(await names({ limit: 2, after: 'b' })).toEqual(['cd', undefined]);
    expect(await names({ after: 'bb' })).toEqual(['cd', undefined]);
    expect(await names({ after: 'd' })).toEqual(['', undefined]);
  });

  test('a directory without a file anywhere below it is not listed', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    await mkdir(join(scratch.root, 'empty/deep/er'), { recursive: true });
    await disk.put('/full/deep/er/x', text('x'), 'any');
    await mkdir(join(scratch.root, 'full/another'));
    expect(await namesIn(disk, '/')).toEqual(['full']);
    expect(await namesIn(disk, '/full')).toEqual(['deep']);
    expect(await namesIn(disk, '/empty')).toEqual([]);
    expect(await namesIn(disk, '/missing')).toEqual([]);
    expect(await namesIn(disk, '/full/deep/er/x')).toEqual([]);
  });

  test('what no path reaches is not listed', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    const raw = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from(`${scratch.root}/`), bytes]);
    await writeFile(raw(Buffer.from([0x61, 0xff])), 'not UTF-8').catch(() => {});
    await writeFile(join(scratch.root, 'e\u0301'), 'not NFC');
    await writeFile(join(scratch.root, 'a\nb'), 'control character');
    await writeFile(join(scratch.root, 'a\\b'), 'backslash');
    await mkdir(join(scratch.root, 'dir'));
    await symlink('.', join(scratch.root, 'dir/loop'));
    expect(await namesIn(disk, '/')).toEqual([]);
    expect(await pathsBelow(disk, '/')).toEqual([]);
  });
});

test('a file whose path would be longer than paths are is not listed', async () => {
  await using scratch = await makeScratch();
  await using disk = await openIn(scratch);
  const deep = `/${'d'.repeat(199)}`.repeat(5);
  await mkdir(scratch.root + deep, { recursive: true });
  await writeFile(`${scratch.root}${deep}/${'n'.repeat(24)}`, 'the path has 1,025 bytes');
  expect(await namesIn(disk, '/')).toEqual([]);
  expect(await pathsBelow(disk, '/')).toEqual([]);
  await writeFile(`${scratch.root}${deep}/${'n'.repeat(23)}`, 'the path has 1,024 bytes');
  expect(await namesIn(disk, '/')).toEqual(['d'.repeat(199)]);
  expect(await pathsBelow(disk, '/')).toEqual([`${deep}/${'n'.repeat(23)}`]);
});

test('an unreadable directory is an error that names it, not an omission', async () => {
  await using scratch = await makeScratch();
  const calls = failing('open', 'EACCES', ([path]) => String(path).endsWith('/locked'));
  await using disk = await openIn(scratch, { calls });
  await writeFile(join(scratch.root, 'a'), 'x');
  await mkdir(join(scratch.root, 'locked'));
  for (const read of [() => disk.list('/'), () => pathsBelow(disk, '/')]) {
    expect(await rejection(read())).toMatchObject({ code: 'ACCESS_DENIED', path: '/locked' });
  }
});

test('a page costs one read of the directory and one look into each child directory of it', async () => {
  await using scratch = await makeScratch();
  let reads = 0;
  const calls = intercept((name, real) => {
    if (name === 'opendir') reads += 1;
    return real();
  });
  await using disk = await openIn(scratch, { calls });
  for (let child = 0; child < 20; child += 1) {
    for (let entry = 0; entry < 5; entry += 1) await disk.put(`/d/${child}/x/${entry}`, text('x'), 'any');
    await disk.put(`/d/${child}/y`, text('x'), 'any');
  }
  reads = 0;
  expect((await disk.list('/d', { limit: 3 })).children).toHaveLength(3);
  // One more child than the page has tells whether there is a next page.
  expect(reads).toBe(1 + 4);
});
