import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openLocalDisk } from '@holdfast/local-disk';
import { makeScratchDirectory } from '@holdfast/test-support';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzz } from './machine/fuzz.ts';
import { CANARY, mostly, plain } from './machine/hostile.ts';

const SECRET = `outside: ${CANARY}`;

/** Names that lead out, are folded or refused by disks, mean something to a system, or are too long for one. */
const NAMES = [
  'a', 'A', 'b', 'link', 'dirlink', 'loop', 'dangling', 'up', '..', '.', '...', '..\\', '%2e%2e', '%2f', '~', '$HOME', 'con', 'nul',
  'a.', ' a', 'a ', 'ß', 'SS', 'ﬁ', 'e\u0301', 'é', '\u202e', '\u200d', 'İ', '\0', '\n', '\uD800', '__proto__', 'constructor', '.holdfast-x',
  '.holdfast-tmp', 'x'.repeat(255), 'x'.repeat(256), '😀'.repeat(63), '😀'.repeat(64), 'a/b', '', '\\',
]; // prettier-ignore

const name = fc.oneof(
  fc.constantFrom(...NAMES),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const path = fc
  .tuple(fc.constantFrom('/', '', '//', '/../', '/./'), fc.array(name, { maxLength: 5 }))
  .map(([start, names]) => start + names.join('/'));

async function drain(it: AsyncIterable<{ readonly body: Uint8Array }>): Promise<Uint8Array[]> {
  const bodies: Uint8Array[] = [];
  for await (const { body } of it) bodies.push(body);
  return bodies;
}

test('the local disk: no path leads out of the root', async (context) => {
  await using scratch = await makeScratchDirectory('fuzz');
  const [root, outside] = [join(scratch.path, `root-${CANARY}`), join(scratch.path, 'outside')];
  await mkdir(join(root, 'd'), { recursive: true });
  await mkdir(join(outside, 'below'), { recursive: true });
  await writeFile(join(outside, 'secret'), SECRET);
  await symlink(join(outside, 'secret'), join(root, 'link'));
  await symlink(outside, join(root, 'dirlink'));
  await symlink('../outside', join(root, 'up'));
  await symlink('loop', join(root, 'loop'));
  await symlink(join(outside, 'made'), join(root, 'dangling'));
  await using fs = await openLocalDisk({ root });
  const body = new TextEncoder().encode('inside');
  const isSecret = (found: Uint8Array): boolean => new TextDecoder().decode(found).includes(CANARY);
  const uses: readonly ((path: string) => Promise<unknown>)[] = [
    async (at) => {
      const found = await fs.get(at);
      if (found !== undefined && isSecret(found.body)) throw new TypeError('it reads what is outside');
    },
    (at) => fs.put(at, { body }, 'any'),
    (at) => fs.put(at, { body }, 'absent'),
    (at) => fs.delete(at, 'any'),
    (at) => fs.list(at),
    async (at) => {
      const found = await drain(fs.entries(at, { pageSize: 10 }));
      if (found.some(isSecret)) throw new TypeError('it lists what is outside');
    },
  ];
  const problem = await fuzz(context, {
    where: 'paths of the local disk',
    inputs: 10_000,
    describe: ([at, use]) => `${at.name} to ${use.toString()}`,
    arbitrary: fc.tuple(mostly(plain(path)), fc.constantFrom(...uses)),
    attempt: ([at, use]) => use(at.make() as string),
  });
  expect(problem).toBe('');
  const left = await readdir(scratch.path, { recursive: true });
  expect(left.filter((it) => !it.startsWith(`root-${CANARY}`)).toSorted()).toEqual([
    'outside',
    'outside/below',
    'outside/secret',
  ]);
  expect(await readFile(join(outside, 'secret'), 'utf8')).toBe(SECRET);
});
