import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { openLocalDisk } from '../src/open-local-disk.ts';
import { STALE_TEMP_MS } from '../src/names/sweep-stale-temp.ts';
import { makeScratch, tempsBelow } from './support/scratch.ts';
import { pathsBelow, textOf } from './support/text.ts';

const KILLS = process.env['HOLDFAST_LONG'] === '1' ? 50 : 5;

const work = new URL('children/work.ts', import.meta.url);

test('of several processes that create the same paths, each path has exactly one winner', async () => {
  await using scratch = await makeScratch();
  await using a = await startChild(work, 'race', scratch.root, 'a');
  await using b = await startChild(work, 'race', scratch.root, 'b');
  await using c = await startChild(work, 'race', scratch.root, 'c');
  const won = (await Promise.all([a.tell(), b.tell(), c.tell()])) as number[];
  expect(won.reduce((sum, count) => sum + count)).toBe(200);
  await using disk = await openLocalDisk(scratch.open);
  const owners = { a: 0, b: 0, c: 0 };
  for await (const entry of disk.entries('/raced')) owners[textOf(entry) as keyof typeof owners] += 1;
  expect(Object.values(owners)).toEqual(won);
  expect(await tempsBelow(scratch.root)).toEqual([]);
});

test('several processes that put and delete in one directory neither fail nor lose anything', async () => {
  await using scratch = await makeScratch();
  await using a = await startChild(work, 'churn', scratch.root, 'a');
  await using b = await startChild(work, 'churn', scratch.root, 'b');
  expect(await Promise.all([a.tell(), b.tell()])).toEqual([150, 150]);
  expect(await readdir(scratch.root)).toEqual([]);
});

test('a process killed while it writes leaves whole bodies only, and its temporary files are cleaned up', async () => {
  await using scratch = await makeScratch();
  await using disk = await openLocalDisk(scratch.open);
  let left = 0;
  for (let kills = 0; kills < KILLS; kills += 1) {
    await using child = await startChild(work, 'replace', scratch.root, 'x');
    child.tell().catch(() => {});
    // Not before it is in the middle of a write.
    while ((await tempsBelow(scratch.root)).length === 0);
    await child.kill();
    for await (const { body } of disk.entries('/', { pageSize: 10 })) {
      expect(body.byteLength).toBe(1024 * 1024);
      expect(body.every((byte) => byte === body[0])).toBe(true);
    }
    const temps = await tempsBelow(scratch.root);
    left += temps.length;
    const stale = (Date.now() - STALE_TEMP_MS) / 1000 - 1;
    for (const temp of temps) await utimes(join(scratch.root, temp), stale, stale);
    await pathsBelow(disk, '/');
    expect(await tempsBelow(scratch.root)).toEqual([]);
  }
  // Otherwise none of the kills met a write, and this showed nothing.
  expect(left).toBeGreaterThan(0);
});
