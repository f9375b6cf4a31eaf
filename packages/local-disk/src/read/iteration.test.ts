import { mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { injectFaults } from '@holdfast/contract';
import { HoldfastError, mountTable, withRetry } from '@holdfast/core';
import { describe, expect, test } from 'vitest';
import { CONTAINMENTS } from '../../test/support/containments.ts';
import { intercept } from '../../test/support/intercept.ts';
import { openIn } from '../../test/support/open-in.ts';
import { makeScratch, type Scratch } from '../../test/support/scratch.ts';
import { text, textOf } from '../../test/support/text.ts';

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `n${String(index).padStart(4, '0')}`);
}

/** Makes files in a directory whose names have not changed for long. */
async function fill({ root }: Scratch, directory: string, names: readonly string[]): Promise<void> {
  await mkdir(join(root, directory), { recursive: true });
  for (const name of names) await writeFile(join(root, directory, name), name);
  await settle(root, directory);
}

/** Makes it long ago that names came or went. */
async function settle(root: string, directory: string): Promise<void> {
  await utimes(join(root, directory), 0, 0);
}

/** Counts the calls from now on, in all and of `opendir`. */
function counting() {
  const made = { calls: 0, readings: 0 };
  const calls = intercept((name, real) => {
    made.calls += 1;
    if (name === 'opendir') made.readings += 1;
    return real();
  });
  return { made, calls };
}

describe.each(CONTAINMENTS)('contained by $kind', (containment) => {
  test('an iteration reads the names of each directory once, however many pages it takes', async () => {
    await using scratch = await makeScratch();
    const names = numbered(40);
    await fill(scratch, 'a/b', names);
    await fill(scratch, 'c', names);
    for (const directory of ['', 'a']) await settle(scratch.root, directory);
    for (const pageSize of [1, 7, 1000]) {
      const { made, calls } = counting();
      await using disk = await openIn(scratch, { calls, containment });
      const seen: string[] = [];
      for await (const { path } of disk.entries('/', { pageSize })) seen.push(path);
      expect(seen).toEqual([...names.map((name) => `/a/b/${name}`), ...names.map((name) => `/c/${name}`)]);
      expect(made.readings).toBe(4);
    }
  });
});

test('of entries four times as many cost four times as many calls, and a handful each', async () => {
  const cost = async (count: number): Promise<number> => {
    await using scratch = await makeScratch();
    await fill(scratch, '', numbered(count));
    const { made, calls } = counting();
    await using disk = await openIn(scratch, { calls });
    let seen = 0;
    for await (const { path } of disk.entries('/', { pageSize: 25 })) seen += path === '' ? 0 : 1;
    expect(seen).toBe(count);
    return made.calls;
  };
  const [few, many] = [await cost(100), await cost(400)];
  expect(few / 100).toBeLessThan(5);
  expect(many).toBeLessThan(4 * few);
});

test('a large directory that never rests is read again once for many entries, not once for each page', async () => {
  await using scratch = await makeScratch();
  const names = numbered(300);
  await fill(scratch, '', names);
  const { made, calls } = counting();
  await using disk = await openIn(scratch, { calls });
  const seen: string[] = [];
  for await (const { path } of disk.entries('/', { pageSize: 1 })) {
    seen.push(path.slice(1));
    // Behind the cursor, so that the iteration has an end.
    await writeFile(join(scratch.root, `a${seen.length}`), 'x');
  }
  expect(seen).toEqual(names);
  expect(made.readings).toBeGreaterThan(10);
  expect(made.readings).toBeLessThan(40);
});

test.each([
  ['long ago', () => 0],
  // Whatever changes it, the time stays the same: the clock of the file system does not tick.
  ['in this very moment', () => Date.now() / 1000 + 60],
])('the next page of a small directory that changed %s shows what came meanwhile', async (_, when) => {
  await using scratch = await makeScratch();
  await using disk = await openIn(scratch);
  const at = when();
  const change = async (...paths: readonly string[]): Promise<void> => {
    for (const path of paths) await disk.put(path, text('x'), 'any');
    if (at !== 0) await utimes(scratch.root, at, at);
  };
  await change('/a', '/c');
  if (at === 0) await settle(scratch.root, '');
  const iteration = disk.entries('/', { pageSize: 1 });
  const next = async (): Promise<unknown> => (await iteration.next()).value?.path;
  expect(await next()).toBe('/a');
  await change('/b');
  expect(await next()).toBe('/b');
  expect(await next()).toBe('/c');
  await change('/d/e');
  expect(await next()).toBe('/d/e');
  expect(await next()).toBeUndefined();
});

test('what another filesystem is mounted over is passed by, and the names around it are read once all the same', async () => {
  await using scratch = await makeScratch();
  await using inner = await makeScratch();
  const { made, calls } = counting();
  for (const directory of ['a', 'b', 'c']) await fill(scratch, directory, numbered(3));
  await settle(scratch.root, '');
  await fill(inner, '', ['x']);
  const mounts = [
    { at: '/', filesystem: await openIn(scratch, { calls }) },
    { at: '/b', filesystem: await openIn(inner) },
  ];
  await using table = mountTable(mounts);
  const seen: string[] = [];
  for await (const { path } of table.entries('/', { pageSize: 1 })) seen.push(path);
  const [a, c] = ['/a', '/c'].map((directory) => numbered(3).map((name) => `${directory}/${name}`)) as [
    string[],
    string[],
  ];
  expect(seen).toEqual([...a, '/b/x', ...c]);
  // Of the root, `/a`, `/c` and, before it is seen that it is hidden, `/b`.
  expect(made.readings).toBe(4);
});

test('iterations that are under way at once have nothing to do with each other', async () => {
  await using scratch = await makeScratch();
  const names = numbered(12);
  for (const directory of ['a', 'b']) await fill(scratch, directory, names);
  await settle(scratch.root, '');
  await using disk = await openIn(scratch);
  const iterations = ['/a', '/b', '/a', '/'].map((prefix) => disk.entries(prefix, { pageSize: 2 }));
  const seen: string[][] = iterations.map(() => []);
  for (let step = 0; step < 30; step += 1) {
    const results = await Promise.all(iterations.map((iteration) => iteration.next()));
    for (const [index, { done, value }] of results.entries()) if (done !== true) seen[index]?.push(value.path);
  }
  const [a, b] = ['a', 'b'].map((directory) => names.map((name) => `/${directory}/${name}`)) as [string[], string[]];
  expect(seen).toEqual([a, b, a, [...a, ...b]]);
});

test.each(['before', 'after'] as const)(
  'a page that fails %s it was read comes whole when it is asked for again',
  async (when) => {
    await using scratch = await makeScratch();
    const names = numbered(9);
    await fill(scratch, '', names);
    await using disk = await openIn(scratch);
    const effect = (): never => {
      throw new HoldfastError('BUSY', 'for now', { outcome: 'not-applied' });
    };
    injectFaults(disk).add({ on: 'scan', nth: 2, when, effect });
    const seen: string[] = [];
    for await (const { path } of withRetry(disk).entries('/', { pageSize: 3 })) seen.push(path.slice(1));
    expect(seen).toEqual(names);
  },
);

test('a page opens the directory of its files once, and again for a file that another in its place has', async () => {
  await using scratch = await makeScratch();
  const names = numbered(5);
  await fill(scratch, 'd', names);
  const opened: string[] = [];
  let swap = (): Promise<void> => Promise.resolve();
  const calls = intercept(async (name, real, args) => {
    if (name === 'file.read') await swap();
    if (name === 'open') opened.push(String(args[0]));
    return await real();
  });
  await using disk = await openIn(scratch, { calls });
  const bodies = async (): Promise<unknown[]> => {
    opened.length = 0;
    const found: unknown[] = [];
    for await (const entry of disk.entries('/d')) found.push(textOf(entry));
    return found;
  };
  expect(await bodies()).toEqual(names);
  // Once for its names, once for its files.
  expect(opened.filter((path) => path.endsWith('/d'))).toHaveLength(2);
  const [d, away] = [join(scratch.root, 'd'), join(scratch.root, 'away')];
  swap = async () => {
    swap = () => Promise.resolve();
    await rename(d, away);
    await mkdir(d);
    await writeFile(join(d, 'n0003'), 'of another');
    await rename(join(away, 'n0003'), join(away, 'elsewhere'));
  };
  expect(await bodies()).toEqual(['n0000', 'n0001', 'n0002', 'of another']);
});
