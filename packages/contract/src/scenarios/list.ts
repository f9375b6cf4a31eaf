import type { Child, RootFilesystem } from '@holdfast/core';
import { compareCodePoints } from '@holdfast/core/adapter';
import { always, claimed, type Scenario } from '../scenario.ts';
import { inBatches, numbered } from '../support/batches.ts';
import { file, textOf } from '../support/bodies.ts';
import { check, checkEqual } from '../support/check.ts';
import { MOST_STEPS } from '../support/most-steps.ts';

// Names whose order differs between code points, UTF-16 units, locales and whole paths, in code point order.
const ORDERED = [' ', '!', '%', '-', '.x', '0', '10', '9', 'A', 'Z', '_', 'a', 'a!', 'a!b', 'a-', 'a-b', 'a.b', 'a0', 'aa', 'b', 'z', '~', 'ß', 'à', 'é', 'ñ', '中', '\uff5e', '\uffff', '😀', '\u{10ffff}'] as const; // prettier-ignore

// Those with something below them. Among whole paths 'a/below' comes after 'a!', and the other way round in names.
const BRANCHES: ReadonlySet<string> = new Set([' ', '10', 'Z', 'a', 'a!', 'a-', 'é', '中', '😀']);

const leaf = (name: string): Child => ({ name, isEntry: true, isPrefix: false });
const branch = (name: string): Child => ({ name, isEntry: false, isPrefix: true });

/** How many of those that were put last are read. */
const READ_OF_THE_LAST = 60;

/** Follows the pages of a listing to the end. */
async function listAll(
  filesystem: RootFilesystem,
  directory: string,
  limit: number,
): Promise<{ names: string[]; sizes: number[] }> {
  const names: string[] = [];
  const sizes: number[] = [];
  let after: string | undefined;
  do {
    check(sizes.length < MOST_STEPS, 'a listing that ends');
    const page = await filesystem.list(directory, { limit, after });
    names.push(...page.children.map(({ name }) => name));
    sizes.push(page.children.length);
    after = page.next;
  } while (after !== undefined);
  return { names, sizes };
}

async function putAll(filesystem: RootFilesystem, paths: readonly string[]): Promise<void> {
  for (const path of paths) await filesystem.put(path, file('x'), 'any');
}

/** Direct children, in order, page by page. */
export const listScenarios: readonly Scenario[] = [
  always(
    'list.direct-children',
    'list gives the direct children, each with whether it is an entry and a prefix',
    async ({ filesystem }) => {
      await putAll(filesystem, ['/top', '/list/a', '/list/b/c', '/list/b/d', '/list/e/f/g/h', '/listing/x']);
      checkEqual((await filesystem.list('/')).children, [branch('list'), branch('listing'), leaf('top')], 'the root');
      checkEqual((await filesystem.list('/list')).children, [leaf('a'), branch('b'), branch('e')], '/list');
      checkEqual((await filesystem.list('/list/e/f')).children, [branch('g')], '/list/e/f');
    },
  ),
  always(
    'list.nothing',
    'a directory that does not exist, or an entry without children, gives an empty page',
    async ({ filesystem }) => {
      await putAll(filesystem, ['/leaf']);
      for (const directory of ['/missing', '/missing/deeper', '/leaf', '/leaf/deeper']) {
        checkEqual(await filesystem.list(directory), { children: [], next: undefined }, directory);
      }
    },
  ),
  always(
    'list.order',
    'children come in code point order of their names, with and without something below them',
    async ({ filesystem }) => {
      await putAll(
        filesystem,
        ORDERED.toReversed().map((name) => (BRANCHES.has(name) ? `/order/${name}/below` : `/order/${name}`)),
      );
      checkEqual(
        (await filesystem.list('/order', { limit: 1000 })).children.map(({ name }) => name),
        ORDERED,
        'the names',
      );
      checkEqual((await listAll(filesystem, '/order', 1)).names, ORDERED, 'the names, one by one');
      for (const after of ORDERED) {
        const { children } = await filesystem.list('/order', { after, limit: 2 });
        const next = ORDERED.indexOf(after) + 1;
        checkEqual(
          children.map(({ name }) => name),
          ORDERED.slice(next, next + 2),
          `the two names after ${after}`,
        );
      }
    },
  ),
  always(
    'list.pages',
    'pages of every size join without gap or repetition, and the last one has no cursor',
    async ({ filesystem }) => {
      const names = Array.from({ length: 12 }, (_, index) => `n${String(index).padStart(2, '0')}`);
      await putAll(
        filesystem,
        names.map((name, index) => (index % 2 === 0 ? `/pages/${name}` : `/pages/${name}/x`)),
      );
      for (const limit of [1, 2, 5, 6, 11, 12, 13, 1000]) {
        const { names: listed, sizes } = await listAll(filesystem, '/pages', limit);
        checkEqual(listed, names, `the names with pages of ${limit}`);
        checkEqual(sizes.length, Math.ceil(12 / limit), `the number of pages of ${limit}`);
      }
    },
  ),
  always('list.after', 'the cursor is exclusive and need not name a child', async ({ filesystem }) => {
    await putAll(filesystem, ['/after/b', '/after/d/x', '/after/e', '/after/f']);
    const names = async (after: string) =>
      (await filesystem.list('/after', { after })).children.map(({ name }) => name);
    checkEqual(await names('a'), ['b', 'd', 'e', 'f'], 'after a');
    checkEqual(await names('b'), ['d', 'e', 'f'], 'after b');
    checkEqual(await names('c'), ['d', 'e', 'f'], 'after c');
    checkEqual(await names('d'), ['e', 'f'], 'after d');
    checkEqual(await names('e'), ['f'], 'after e');
    checkEqual(await names('f'), [], 'after f');
  }),
  always(
    'list.many',
    'more than 1,000 children are listed completely in pages of the greatest size',
    async ({ filesystem, effort }) => {
      const names = numbered('child-', effort.children);
      await inBatches(names, (name) => filesystem.put(`/many/${name}`, file(name), 'any'));
      const { names: listed, sizes } = await listAll(filesystem, '/many', 1000);
      checkEqual(listed.length, names.length, 'the number of names');
      checkEqual(listed, names, 'the names');
      checkEqual(Math.max(...sizes), 1000, 'the size of the largest page');
      // Those that were put last, and some of the others: what is looked up in may be made anew at a round number.
      const some = names.filter((_, index) => index % 16 === 0 || index > names.length - READ_OF_THE_LAST);
      await inBatches(some, async (name) => {
        checkEqual(textOf(await filesystem.get(`/many/${name}`)), name, `the body of ${name}`);
      });
    },
  ),
  always('list.default-limit', 'a page holds 100 children when no limit is given', async ({ filesystem }) => {
    const names = numbered('child-', 101);
    await inBatches(names, (name) => filesystem.put(`/default/${name}`, file('x'), 'any'));
    const { children, next } = await filesystem.list('/default');
    checkEqual(children.length, 100, 'the number of children');
    checkEqual(next, names[99], 'the cursor');
  }),
  always(
    'list.changes-between-pages',
    'children that stay throughout are listed exactly once while others come and go',
    async ({ filesystem }) => {
      const staying = Array.from({ length: 20 }, (_, index) => `s${String(index).padStart(2, '0')}`);
      const going = staying.map((name) => `${name}-going`);
      await putAll(
        filesystem,
        [...staying, ...going].map((name) => `/change/${name}`),
      );
      const seen: string[] = [];
      let after: string | undefined;
      for (let page = 0; page === 0 || after !== undefined; page += 1) {
        check(page < 100, 'a listing that ends');
        const { children, next } = await filesystem.list('/change', { limit: 3, after });
        seen.push(...children.map(({ name }) => name));
        after = next;
        const gone = going.pop();
        if (gone !== undefined) await filesystem.delete(`/change/${gone}`, 'any');
        await putAll(filesystem, [`/change/a-new-${page}`, `/change/s10-new-${page}/x`]);
        // The child at the cursor itself goes.
        if (after !== undefined && going.includes(after)) {
          going.splice(going.indexOf(after), 1);
          await filesystem.delete(`/change/${after}`, 'any');
        }
      }
      checkEqual(
        seen.filter((name) => staying.includes(name)),
        staying,
        'the names that stayed',
      );
      checkEqual(new Set(seen).size, seen.length, 'the number of distinct names');
      checkEqual(seen, seen.toSorted(compareCodePoints), 'the order of all names');
    },
  ),
  always('list.deep', 'a deep tree is listed at every depth', async ({ filesystem }) => {
    const depth = 200;
    await putAll(filesystem, [`${'/d'.repeat(depth)}/leaf`]);
    for (const level of [1, 2, 50, depth - 1]) {
      checkEqual((await filesystem.list('/d'.repeat(level))).children, [branch('d')], `level ${level}`);
    }
    checkEqual((await filesystem.list('/d'.repeat(depth))).children, [leaf('leaf')], 'the deepest level');
    const found: string[] = [];
    for await (const { path } of filesystem.entries('/')) found.push(path);
    checkEqual(found, [`${'/d'.repeat(depth)}/leaf`], 'the paths of an iteration');
  }),
  always('list.after-delete', 'a prefix disappears with the last entry below it', async ({ filesystem }) => {
    await putAll(filesystem, ['/gone/a/b/c', '/gone/a/b/d', '/gone/e']);
    await filesystem.delete('/gone/a/b/c', 'any');
    checkEqual((await filesystem.list('/gone')).children, [branch('a'), leaf('e')], 'while an entry is left');
    await filesystem.delete('/gone/a/b/d', 'any');
    checkEqual((await filesystem.list('/gone')).children, [leaf('e')], 'when none is left');
  }),
  always('list.cost', 'a page costs no more backend calls when more lies below its children', async (context) => {
    const faults = context.faults();
    const cost = async (below: number): Promise<number> => {
      const paths = ['a', 'b', 'c'].flatMap((name) =>
        Array.from({ length: below }, (_, index) => `/cost-${below}/${name}/${index}`),
      );
      await inBatches(paths, (path) => context.filesystem.put(path, file('x'), 'any'));
      const before = faults.calls.length;
      checkEqual((await context.filesystem.list(`/cost-${below}`)).children.length, 3, 'the number of children');
      return faults.calls.slice(before).length;
    };
    // Not fewer than 25: of a small tree all may have been read ahead.
    const [few, many] = [await cost(25), await cost(100)];
    check(many <= few, `at most ${few} backend calls for the larger tree; it took ${many}`);
  }),
  claimed('list.both', 'a child that is an entry and a prefix is listed once, across pages too', ['prefixPaths'], {
    async run({ filesystem }) {
      await putAll(filesystem, ['/both/a', '/both/a/x', '/both/a!', '/both/a-/x', '/both/a.', '/both/a./y', '/both/b']);
      const expected = ['a', 'a!', 'a-', 'a.', 'b'];
      for (const limit of [1, 2, 3, 10])
        checkEqual((await listAll(filesystem, '/both', limit)).names, expected, `pages of ${limit}`);
      const { children } = await filesystem.list('/both');
      checkEqual(
        children.map(({ isEntry, isPrefix }) => [isEntry, isPrefix]),
        [
          [true, true],
          [true, false],
          [false, true],
          [true, true],
          [true, false],
        ],
        'what each child is',
      );
    },
    async unclaimed({ filesystem }) {
      await putAll(filesystem, ['/both/a/x', '/both/a!', '/both/a-/x', '/both/a.', '/both/b']);
      for (const limit of [1, 2, 3, 10])
        checkEqual(
          (await listAll(filesystem, '/both', limit)).names,
          ['a', 'a!', 'a-', 'a.', 'b'],
          `pages of ${limit}`,
        );
    },
  }),
];
