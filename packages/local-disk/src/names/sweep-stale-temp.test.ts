import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failing } from '../../test/support/intercept.ts';
import { openIn } from '../../test/support/open-in.ts';
import { makeScratch, tempsBelow, type Scratch } from '../../test/support/scratch.ts';
import { namesIn, pathsBelow, text } from '../../test/support/text.ts';
import { STALE_TEMP_MS } from './sweep-stale-temp.ts';
import { mintTempName } from './temp-name.ts';

async function leaveTemp({ root }: Scratch, directory: string, ageMs: number): Promise<string> {
  const name = mintTempName();
  await writeFile(join(root, directory, name), 'half');
  const at = (Date.now() - ageMs) / 1000;
  await utimes(join(root, directory, name), at, at);
  return name;
}

test('stale temporary files are removed where a directory is read; fresh ones stay; none is listed', async () => {
  await using scratch = await makeScratch();
  await using disk = await openIn(scratch);
  await disk.put('/a/b', text('x'), 'any');
  const fresh = await leaveTemp(scratch, '', STALE_TEMP_MS - 60_000);
  await leaveTemp(scratch, '', STALE_TEMP_MS + 60_000);
  await leaveTemp(scratch, 'a', STALE_TEMP_MS + 60_000);
  expect(await namesIn(disk, '/')).toEqual(['a']);
  expect(await pathsBelow(disk, '/')).toEqual(['/a/b']);
  expect(await tempsBelow(scratch.root)).toEqual([fresh]);
});

test('a directory with the name of a temporary file is neither removed nor listed', async () => {
  await using scratch = await makeScratch();
  await using disk = await openIn(scratch);
  const name = mintTempName();
  await mkdir(join(scratch.root, name));
  await writeFile(join(scratch.root, name, 'x'), 'kept');
  const old = (Date.now() - 2 * STALE_TEMP_MS) / 1000;
  await utimes(join(scratch.root, name), old, old);
  expect(await namesIn(disk, '/')).toEqual([]);
  expect(await pathsBelow(disk, '/')).toEqual([]);
  expect(await readdir(scratch.root)).toEqual([name]);
});

test('reading works where nothing can be removed', async () => {
  await using scratch = await makeScratch();
  await using disk = await openIn(scratch, { calls: failing('unlink', 'EROFS') });
  await leaveTemp(scratch, '', 2 * STALE_TEMP_MS);
  expect(await namesIn(disk, '/')).toEqual([]);
  expect(await tempsBelow(scratch.root)).toHaveLength(1);
});
