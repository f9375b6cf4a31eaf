import { DEFAULT_CONTENT_TYPE } from '@holdfast/core';
import { MISTAKABLE_NAMES } from '../model/values/odd-names.ts';
import { always, claimed, type Scenario } from '../scenario.ts';
import { inBatches } from '../support/batches.ts';
import { file, textOf } from '../support/bodies.ts';
import { checkEqual, checkRejects } from '../support/check.ts';
import { changesNothing } from '../support/states.ts';

const INVALID_PATHS: readonly unknown[] = [
  undefined, null, 0, {}, [], ['/a'], '', ' ', 'a', 'a/b', './a', '//', '/a/', '//a', '/a//b', '/.', '/..', '/a/.', '/a/..',
  '/a/./b', '/a/../b', '/../etc/passwd', '\\', '/a\\b', '/\u0000', '/a\u0000', '/a\nb', '/a\rb', '/\t', '/\u001f', '/\u007f', '/\u0085',
  '/\u009f', '/\ud800', '/\udc00', '/\udc00\ud800', '/e\u0301', '/\u212b', '/\u1100\u1161', `/${'a'.repeat(256)}`, `/${'é'.repeat(128)}`,
  `/${'😀'.repeat(64)}`, `/${'a/'.repeat(512)}a`, `/${`${'a'.repeat(200)}/`.repeat(5)}${'a'.repeat(20)}`,
]; // prettier-ignore

const NASTY_NAMES: readonly string[] = [
  '%', '%%', '%41', '_', 'a_b', 'axb', '*', '?', ':', 'a:b', '|', '<', '>', '"', "'", "''", '`', ';', '--', '-', '-rf', '~', '#', '&', '$HOME',
  '${x}', '$1', '!', '@', '=', '+', ',', '.a', '..a', 'a.', 'a..', '...', ' ', ' a', 'a ', 'CON', 'nul', 'aux.txt', 'a\u00a0b', 'é', 'ß', 'İ',
  '\uff5e', '\uffff', '😀', '\u{10ffff}', '中文', 'عربي', '\u200b', '\u202e', '\ufeff', '__proto__', 'constructor', 'toString', "'; DROP TABLE entries; --",
  'a'.repeat(255), 'é'.repeat(127), '😀'.repeat(63),
]; // prettier-ignore

/** All the names, each beside those that it could be taken for. */
const NAMES: readonly string[] = [...new Set([...NASTY_NAMES, ...MISTAKABLE_NAMES.flat()])];

/** A path of so many bytes, in segments as long as they may be. */
function pathOfBytes(length: number): string {
  let path = '';
  while (length - path.length > 256) path += `/${'p'.repeat(Math.min(255, length - path.length - 3))}`;
  return `${path}/${'q'.repeat(length - path.length - 1)}`;
}

/** Paths: the rules hold in every method, and whatever passes them is just a name. */
export const pathScenarios: readonly Scenario[] = [
  always('path.invalid', 'every method refuses every path that breaks a rule', async (context) => {
    const { filesystem } = context;
    await changesNothing(context, async () => {
      for (const path of INVALID_PATHS as string[]) {
        const what = JSON.stringify(path)?.slice(0, 40);
        const expected = { code: 'INVALID_PATH' } as const;
        await checkRejects(() => filesystem.get(path), expected, `get ${what}`);
        await checkRejects(
          () => filesystem.put(path, file('x'), 'any'),
          { ...expected, outcome: 'not-applied' },
          `put ${what}`,
        );
        await checkRejects(
          () => filesystem.delete(path, 'any'),
          { ...expected, outcome: 'not-applied' },
          `delete ${what}`,
        );
        await checkRejects(() => filesystem.list(path), expected, `list ${what}`);
        await checkRejects(() => filesystem.entries(path).next(), expected, `entries ${what}`);
        await checkRejects(async () => filesystem.capabilitiesAt(path), expected, `capabilitiesAt ${what}`);
      }
    });
  }),
  always('path.root', 'the root is a directory and never an entry', async (context) => {
    const { filesystem } = context;
    await changesNothing(context, async () => {
      await checkRejects(() => filesystem.get('/'), { code: 'INVALID_PATH' }, 'get /');
      await checkRejects(() => filesystem.put('/', file('x'), 'any'), { code: 'INVALID_PATH' }, 'put /');
      await checkRejects(() => filesystem.delete('/', 'any'), { code: 'INVALID_PATH' }, 'delete /');
    });
    checkEqual((await filesystem.list('/')).children, [], 'the listing of an empty root');
  }),
  always(
    'path.nasty',
    'every name that passes the rules is stored, read, listed and deleted as itself',
    async ({ filesystem }) => {
      const pathsOf = (name: string, index: number) => [`/nasty/${name}`, `/deep/${name}/x`, `/deep/${name}/x${index}`];
      const all = NAMES.flatMap(pathsOf);
      await inBatches(all, (path) => filesystem.put(path, file(path), 'any'));
      await inBatches(all, async (path) => {
        const stored = await filesystem.get(path);
        checkEqual(textOf(stored), path, `the body at ${path}`);
        checkEqual(stored?.path, path, 'the path of a snapshot');
        checkEqual(stored?.contentType, DEFAULT_CONTENT_TYPE, `the content type at ${path}`);
      });
      await inBatches([...NAMES.entries()], async ([index, name]) => {
        // Nothing of those that it could be taken for is there.
        const { children } = await filesystem.list(`/deep/${name}`);
        const own = ['x', `x${index}`].map((it) => ({ name: it, isEntry: true, isPrefix: false }));
        checkEqual(children, own, `the listing of ${name}`);
      });
      const { children } = await filesystem.list('/nasty', { limit: 1000 });
      checkEqual(children.map(({ name }) => name).toSorted(), NAMES.toSorted(), 'the names listed');
      await inBatches(NAMES, async (name) => {
        checkEqual((await filesystem.delete(`/nasty/${name}`, 'any')).deleted, true, `deleted of ${name}`);
      });
    },
  ),
  always(
    'path.longest',
    'a path of maxPathBytes is stored, listed and deleted; one byte more is refused',
    async ({ filesystem, claims }) => {
      const path = pathOfBytes(claims.maxPathBytes);
      const directory = path.slice(0, path.lastIndexOf('/'));
      const other = `${path.slice(0, -1)}z`;
      await filesystem.put(path, file('x'), 'any');
      await filesystem.put(other, file('y'), 'any');
      checkEqual(textOf(await filesystem.get(path)), 'x', 'the body');
      const { children } = await filesystem.list(directory);
      checkEqual(
        children.map(({ name }) => name),
        [path, other].map((longest) => longest.slice(directory.length + 1)),
        'the children',
      );
      const behind = await filesystem.list(directory, { limit: 1 });
      const { children: rest } = await filesystem.list(directory, { limit: 1, after: behind.next });
      checkEqual(rest.length, 1, 'the number of children behind the first');
      const found: string[] = [];
      for await (const entry of filesystem.entries('/', { pageSize: 1 })) found.push(entry.path);
      checkEqual(found, [path, other], 'the paths, a page for each');
      const tooLong = pathOfBytes(claims.maxPathBytes + 1);
      await checkRejects(
        () => filesystem.put(tooLong, file('z'), 'any'),
        { code: 'INVALID_PATH' },
        'put of a longer one',
      );
      await checkRejects(() => filesystem.get(tooLong), { code: 'INVALID_PATH' }, 'get of a longer one');
      checkEqual((await filesystem.delete(path, 'any')).deleted, true, 'deleted');
      checkEqual(textOf(await filesystem.get(other)), 'y', 'the body of one that differs in the last byte');
    },
  ),
  always('path.case-sensitive', 'names that differ only in case are different', async ({ filesystem }) => {
    await filesystem.put('/case/a', file('lower'), 'any');
    await filesystem.put('/case/A', file('upper'), 'any');
    await filesystem.put('/CASE/a', file('directory'), 'any');
    checkEqual(textOf(await filesystem.get('/case/a')), 'lower', 'the body at /case/a');
    checkEqual(textOf(await filesystem.get('/case/A')), 'upper', 'the body at /case/A');
    checkEqual((await filesystem.list('/case')).children.length, 2, 'the number of children of /case');
  }),
  always('path.no-wildcards', 'no character of a directory is a wildcard', async ({ filesystem }) => {
    for (const path of ['/a%/own', '/a_/own', '/a*/own', '/ab/other', '/abc/other'])
      await filesystem.put(path, file('x'), 'any');
    for (const directory of ['/a%', '/a_', '/a*']) {
      const found: string[] = [];
      for await (const { path } of filesystem.entries(directory)) found.push(path);
      checkEqual(found, [`${directory}/own`], `the entries below ${directory}`);
      checkEqual(
        (await filesystem.list(directory)).children.map(({ name }) => name),
        ['own'],
        `the listing of ${directory}`,
      );
    }
  }),
  always(
    'path.siblings',
    'a directory has nothing to do with names that merely begin with its name',
    async ({ filesystem }) => {
      for (const path of ['/tenant-a/x', '/tenant-ab/x', '/tenant-a-b/x', '/tenant-a.b', '/tenant/a/x'])
        await filesystem.put(path, file('x'), 'any');
      const found: string[] = [];
      for await (const { path } of filesystem.entries('/tenant-a')) found.push(path);
      checkEqual(found, ['/tenant-a/x'], 'the entries below /tenant-a');
      const { children } = await filesystem.list('/tenant-a');
      checkEqual(
        children.map(({ name }) => name),
        ['x'],
        'the listing of /tenant-a',
      );
      await filesystem.delete('/tenant-a/x', 'any');
      checkEqual(textOf(await filesystem.get('/tenant-ab/x')), 'x', 'the body at /tenant-ab/x');
    },
  ),
  always(
    'path.prefix-is-no-entry',
    'a directory is not an entry: there is nothing to get, and nothing to delete',
    async (context) => {
      const { filesystem } = context;
      for (const path of ['/directory/a', '/directory/b/c']) await filesystem.put(path, file('x'), 'any');
      await changesNothing(context, async () => {
        for (const directory of ['/directory', '/directory/b']) {
          checkEqual(await filesystem.get(directory), undefined, `get of ${directory}`);
          checkEqual((await filesystem.delete(directory, 'any')).deleted, false, `deleted of ${directory}`);
        }
      });
    },
  ),
  claimed(
    'path.entry-with-children',
    'an entry and entries below it coexist, or the second is refused and nothing is lost',
    ['prefixPaths'],
    {
      async run({ filesystem }) {
        await filesystem.put('/both', file('above'), 'any');
        await filesystem.put('/both/below', file('below'), 'any');
        checkEqual(textOf(await filesystem.get('/both')), 'above', 'the entry');
        checkEqual(
          (await filesystem.list('/')).children,
          [{ name: 'both', isEntry: true, isPrefix: true }],
          'the listing',
        );
        await filesystem.delete('/both', 'any');
        checkEqual(
          textOf(await filesystem.get('/both/below')),
          'below',
          'the entry below, after deleting the one above',
        );
        checkEqual(
          (await filesystem.list('/')).children,
          [{ name: 'both', isEntry: false, isPrefix: true }],
          'the listing',
        );
      },
      async unclaimed(context) {
        const { filesystem } = context;
        await filesystem.put('/leaf', file('leaf'), 'any');
        await filesystem.put('/tree/deep/leaf', file('below'), 'any');
        // Between the two in order, and none of it in the way.
        for (const name of ['leaf!', 'leaf.txt', 'tree!', 'tree-', 'tree.txt', 'tree0'])
          await filesystem.put(`/${name}`, file('beside'), 'any');
        const expected = { code: 'PATH_CONFLICT', outcome: 'not-applied' } as const;
        await changesNothing(context, async () => {
          for (const expectation of ['any', 'absent'] as const) {
            await checkRejects(
              () => filesystem.put('/leaf/below', file('x'), expectation),
              expected,
              'put below an entry',
            );
            await checkRejects(
              () => filesystem.put('/leaf/very/far/below', file('x'), expectation),
              expected,
              'put far below an entry',
            );
            await checkRejects(() => filesystem.put('/tree', file('x'), expectation), expected, 'put on a directory');
            await checkRejects(
              () => filesystem.put('/tree/deep', file('x'), expectation),
              expected,
              'put on a deep directory',
            );
          }
          checkEqual(await filesystem.get('/tree'), undefined, 'get of a directory');
          checkEqual(await filesystem.get('/leaf/below'), undefined, 'get below an entry');
          checkEqual((await filesystem.delete('/tree', 'any')).deleted, false, 'deleted of a directory');
          checkEqual((await filesystem.delete('/leaf/below', 'any')).deleted, false, 'deleted below an entry');
        });
        await filesystem.delete('/tree/deep/leaf', 'any');
        await filesystem.put('/tree', file('x'), 'any');
        checkEqual(
          textOf(await filesystem.get('/tree')),
          'x',
          'an entry where a directory was, once nothing is below it',
        );
        await filesystem.put('/far/and/further/down/leaf', file('below'), 'any');
        await filesystem.delete('/far/and/further/down/leaf', 'any');
        await filesystem.put('/far', file('far'), 'absent');
        checkEqual(await context.text('/far'), 'far', 'an entry where directories were, once nothing is below them');
      },
    },
  ),
];
