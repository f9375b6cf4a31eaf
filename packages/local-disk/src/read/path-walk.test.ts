import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dirent } from 'node:fs';
import { expect, test } from 'vitest';
import { intercept } from '../../test/support/intercept.ts';
import { makeScratch } from '../../test/support/scratch.ts';
import { FILE_CALLS } from '../calls/file-calls.ts';
import { BY_PATH_CHECKS } from '../tree/by-path-checks.ts';
import { Root } from '../tree/root.ts';
import { Tree } from '../tree/tree.ts';
import { DurableDirectories } from '../write/durable-directories.ts';
import { MOST_AT_ONCE } from './children-in-order.ts';
import { PathWalk } from './path-walk.ts';

/** Names that are nowhere on the disk. */
function* made(
  directories: readonly string[],
  files: number,
): Generator<Pick<Dirent<Buffer>, 'name' | 'isDirectory' | 'isFile'>> {
  for (const name of directories) yield { name: Buffer.from(name), isDirectory: () => true, isFile: () => false };
  for (let file = 0; file < files; file += 1) {
    // In an order that is not that of the names.
    const name = String((file * 7919) % files).padStart(6, '0');
    yield { name: Buffer.from(name), isDirectory: () => false, isFile: () => true };
  }
}

test('names beyond the bound are let go of where they are needed last, and read again when they are needed', async () => {
  await using scratch = await makeScratch();
  await mkdir(join(scratch.root, '!'));
  const files = Math.ceil(MOST_AT_ONCE * 0.6);
  const read: string[] = [];
  const calls = intercept((name, real, args) => {
    if (name !== 'opendir') return real();
    const isRoot = String(args[0]) === `${scratch.root}/`;
    read.push(isRoot ? '/' : '/!');
    return Promise.resolve(made(isRoot ? ['!'] : [], files));
  });
  const root = (await Root.open(FILE_CALLS, scratch.root)) as Root;
  try {
    const tree = new Tree({ calls, containment: BY_PATH_CHECKS, root });
    const walk = new PathWalk(
      { calls, tree, durable: new DurableDirectories(), maxBodyBytes: 1 },
      { from: '/', below: '0' },
    );
    const context = { signal: new AbortController().signal, remainingMs: () => Infinity };
    let elsewhere = 0;
    for (const prefix of ['/!/', '/']) {
      for (let file = 0; file < files; file += 1) {
        if ((await walk.next(context)) !== prefix + String(file).padStart(6, '0')) elsewhere += 1;
      }
    }
    expect(elsewhere).toBe(0);
    expect(await walk.next(context)).toBeUndefined();
    expect(read).toEqual(['/', '/!', '/']);
  } finally {
    await root.close();
  }
});
