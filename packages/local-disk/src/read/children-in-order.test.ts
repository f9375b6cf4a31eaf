import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { intercept } from '../../test/support/intercept.ts';
import { openIn } from '../../test/support/open-in.ts';
import { makeScratch, type Scratch } from '../../test/support/scratch.ts';
import { pathsBelow } from '../../test/support/text.ts';
import { mintTempName } from '../names/temp-name.ts';

const NAMES = Array.from({ length: 300 }, (_, index) => `n${String(index).padStart(4, '0')}`);

async function fill({ root }: Scratch): Promise<void> {
  for (const name of NAMES) await writeFile(join(root, name), name);
}

test('a page of a large directory reads its names once, and looks at nothing outside the page', async () => {
  await using scratch = await makeScratch();
  await fill(scratch);
  await writeFile(join(scratch.root, mintTempName()), 'live, and before the page');
  const made: Record<string, number> = {};
  const calls = intercept((name, real, args) => {
    const what = name === 'lstat' && String(args[0]).includes('.holdfast-') ? 'look at a temporary file' : name;
    made[what] = (made[what] ?? 0) + 1;
    return real();
  });
  await using disk = await openIn(scratch, { calls });
  const { children } = await disk.list('/', { after: 'n0100', limit: 10 });
  expect(children.map(({ name }) => name)).toEqual(NAMES.slice(101, 111));
  expect(made).toMatchObject({ opendir: 1 });
  const entries = disk.entries('/', { after: '/n0100', pageSize: 3 });
  expect((await entries.next()).value).toMatchObject({ path: '/n0101' });
  expect(made).toMatchObject({ opendir: 2 });
  expect(made['look at a temporary file']).toBeUndefined();
});

test('names past the expected ones come too, with few more readings', async () => {
  await using scratch = await makeScratch();
  for (const name of NAMES) await mkdir(join(scratch.root, name));
  await writeFile(join(scratch.root, 'z'), 'behind many directories without a file');
  let readings = 0;
  const calls = intercept((name, real, args) => {
    if (name === 'opendir' && !String(args[0]).includes('/n')) readings += 1;
    return real();
  });
  await using disk = await openIn(scratch, { calls });
  const { children } = await disk.list('/', { limit: 1 });
  expect(children).toEqual([{ name: 'z', isEntry: true, isPrefix: false }]);
  expect(await pathsBelow(disk, '/')).toEqual(['/z']);
  expect(readings).toBeGreaterThan(2);
});
