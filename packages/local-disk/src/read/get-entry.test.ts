import { execFileSync } from 'node:child_process';
import { appendFile, link, mkdir, readdir, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CONTAINMENTS } from '../../test/support/containments.ts';
import { failing, intercept } from '../../test/support/intercept.ts';
import { openIn } from '../../test/support/open-in.ts';
import { refusal, refusals, rejection } from '../../test/support/rejection.ts';
import { makeScratch, snapshotOf } from '../../test/support/scratch.ts';
import { namesIn, pathsBelow, text, textOf } from '../../test/support/text.ts';
import { openWith } from '../open-with.ts';

describe.each(CONTAINMENTS)('contained by $kind', (containment) => {
  test('a directory, or a path through a file, is no entry', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    await disk.put('/dir/file', text('x'), 'any');
    for (const path of ['/dir', '/dir/file/x', '/dir/file/x/y', '/dir/other', '/x/y/z']) {
      expect(await disk.get(path)).toBeUndefined();
      expect(await pathsBelow(disk, path === '/dir' ? '/dir/file' : path)).toEqual([]);
    }
  });

  test('FIFOs and sockets are corrupt, at once, and neither read, replaced nor listed', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    execFileSync('mkfifo', [join(scratch.root, 'fifo')]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(scratch.root, 'socket'), resolve));
    try {
      for (const path of ['/fifo', '/socket']) {
        expect(await refusal(disk.get(path))).toBe('CORRUPT');
        expect(await refusal(disk.put(path, text('x'), 'any'))).toBe('CORRUPT not-applied');
        expect(await refusal(disk.put(path, text('x'), 'absent'))).toBe('CORRUPT not-applied');
        expect(await refusal(disk.delete(path, 'any'))).toBe('CORRUPT not-applied');
        expect(await refusal(disk.put(`${path}/below`, text('x'), 'any'))).toBe('PATH_CONFLICT not-applied');
      }
      expect(await namesIn(disk, '/')).toEqual([]);
      expect(await pathsBelow(disk, '/')).toEqual([]);
      expect((await readdir(scratch.root)).toSorted()).toEqual(['fifo', 'socket']);
    } finally {
      server.close();
    }
  });

  test('a file of others that is too long is refused by its path, listed, and can be deleted', async () => {
    await using scratch = await makeScratch();
    await using disk = await openWith({ root: scratch.root, maxBodyBytes: 4 }, { containment });
    await mkdir(join(scratch.root, 'a'));
    await writeFile(join(scratch.root, 'a/long'), '');
    // Sparse: a terabyte that must not come near the memory.
    await truncate(join(scratch.root, 'a/long'), 2 ** 40);
    const errors = [await rejection(disk.get('/a/long')), await rejection(pathsBelow(disk, '/'))];
    for (const error of errors) expect(error).toMatchObject({ code: 'BODY_TOO_LARGE', path: '/a/long' });
    expect(await namesIn(disk, '/a')).toEqual(['long']);
    expect(await disk.delete('/a/long', 'any')).toEqual({ deleted: true });
  });
});

test('a file that grows or shrinks while it is read gives no more than it had, and no padding', async () => {
  await using scratch = await makeScratch();
  const file = join(scratch.root, 'a');
  let change = (): Promise<void> => Promise.resolve();
  const calls = intercept(async (name, real) => {
    const result = await real();
    if (name === 'file.stat') await change();
    return result;
  });
  await using disk = await openIn(scratch, { calls });
  await writeFile(file, 'four');
  change = () => appendFile(file, 'more');
  expect(textOf(await disk.get('/a'))).toBe('four');
  await writeFile(file, 'four');
  change = () => truncate(file, 2);
  expect(textOf(await disk.get('/a'))).toBe('fo');
});

test('changing a body that was read changes nothing stored', async () => {
  await using scratch = await makeScratch();
  await using disk = await openIn(scratch);
  await disk.put('/a', text('same'), 'any');
  const first = await disk.get('/a');
  first?.body.fill(0);
  expect(first?.body.buffer.byteLength).toBe(4);
  expect(textOf(await disk.get('/a'))).toBe('same');
});

test('a file with several names is written under one of them only', async () => {
  await using scratch = await makeScratch();
  await using disk = await openIn(scratch);
  await writeFile(join(scratch.outside, 'shared'), 'old');
  await link(join(scratch.outside, 'shared'), join(scratch.root, 'a'));
  expect(textOf(await disk.get('/a'))).toBe('old');
  await disk.put('/a', text('new'), 'any');
  expect(await snapshotOf(scratch.outside)).toEqual({ shared: 'old' });
});

test.each([
  ['EACCES', 'ACCESS_DENIED'],
  ['EMFILE', 'BUSY'],
  ['EIO', 'BACKEND_FAILED'],
])('when opening fails with %s, reads report %s and never "no entry"', async (errno, code) => {
  await using scratch = await makeScratch();
  await writeFile(join(scratch.root, 'a'), 'x');
  await using disk = await openIn(scratch, { calls: failing('open', errno) });
  const reads = [disk.get('/a'), disk.list('/'), pathsBelow(disk, '/')];
  expect(await refusals(reads)).toEqual([code, code, code]);
});

test.each(['ENXIO', 'ENODEV', 'EOPNOTSUPP'])(
  'a file that answers %s like a socket is an error, and never left out',
  async (errno) => {
    await using scratch = await makeScratch();
    await writeFile(join(scratch.root, 'a'), 'x');
    await using disk = await openIn(scratch, {
      calls: failing('open', errno, ([path]) => String(path).endsWith('/a')),
    });
    for (const refused of await refusals([disk.get('/a'), pathsBelow(disk, '/')])) {
      expect(refused).toMatch(/^(UNAVAILABLE|BACKEND_FAILED)$/);
    }
  },
);
