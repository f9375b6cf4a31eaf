import type { Child, RootFilesystem } from '@holdfast/core';
import { compareCodePoints } from '@holdfast/core/adapter';
import { RestlessStore } from '../restless/restless-store.ts';
import { always, type Scenario } from '../scenario.ts';
import { nextTurn } from '../support/barrier.ts';
import { inBatches, numbered } from '../support/batches.ts';
import { file } from '../support/bodies.ts';
import { check, checkEqual } from '../support/check.ts';
import { MOST_STEPS } from '../support/most-steps.ts';

/** How many bodies, of how many bytes, are listed though nobody asks for them: 8 MiB in all. */
const LARGE_BODIES = 32;
const LARGE_BODY = 256 * 1024;

/** How many times the last entry of a directory goes while its neighbour comes. */
const NEIGHBOURS = 24;

/** What a listing shows while others write, or after others have written. */
export const listMeanwhileScenarios: readonly Scenario[] = [
  always(
    'list.restless-writers',
    'while writers never pause, a listing shows every child that stays exactly once and as what it is, in order',
    async (context) => {
      const instances = await context.instances(3);
      const { staying, rounds } = context.effort.restless;
      const store = new RestlessStore(instances, staying);
      await store.around(context.effort.seed, async () => {
        for (let round = 0; round < rounds; round += 1) {
          for (const [index, limit] of [3, 1, 10, 1000].entries()) {
            const reader = instances[index % instances.length] as RootFilesystem;
            const listed = new Map((await listAll(reader, store.directory, limit)).map((child) => [child.name, child]));
            store.checkOwn(listed.keys());
            for (const { name, isPrefix } of store.children) {
              const child = listed.get(name);
              checkEqual(child, { name, isEntry: !isPrefix, isPrefix }, `${name}, which stays, in pages of ${limit}`);
            }
          }
        }
      });
    },
  ),
  always(
    'list.gone-elsewhere',
    'a name is gone with its last entry, and is there with its first, whichever instance it was',
    async (context) => {
      const instances = await context.instances(3);
      const paths = ['/gone/a/b/c/d', '/gone/a/b/e', '/gone/f/g', '/gone/h'];
      for (let round = 0; round < 3; round += 1) {
        const at = (step: number): RootFilesystem => instances[(step + round) % instances.length] as RootFilesystem;
        for (const [index, path] of paths.entries()) {
          await at(index).put(path, file('x'), 'any');
          // Overwritten it is still one.
          if (index % 2 === round % 2) await at(index + 1).put(path, file('y'), 'any');
          await checkNames(instances, paths.slice(0, index + 1));
        }
        for (const [index, path] of paths.entries()) {
          await at(index + 1).delete(path, 'any');
          await checkNames(instances, paths.slice(index + 1));
        }
        // All at once, each through another instance.
        await Promise.all(paths.map((path, index) => at(index).put(path, file('x'), 'any')));
        await checkNames(instances, paths);
        await Promise.all(paths.map((path, index) => at(index + 1).delete(path, 'any')));
        await checkNames(instances, []);
      }
      // The last goes while its neighbour comes: whoever of the two is first, the directory is there afterwards.
      let [last, next] = ['/gone/a/b/one', '/gone/a/b/other'];
      await context.filesystem.put(last, file('x'), 'any');
      for (let round = 0; round < NEIGHBOURS; round += 1) {
        const [one, other] = [round, round >> 1].map((step) => instances[step % instances.length] as RootFilesystem);
        const later = async (): Promise<void> => {
          for (let turn = 0; turn < round % 6; turn += 1) await nextTurn();
          await other?.put(next, file('x'), 'any');
        };
        await Promise.all([one?.delete(last, 'any'), later()]);
        await checkNames(instances, [next]);
        [last, next] = [next, last];
      }
    },
  ),
  always(
    'list.large-child',
    'a child with thousands of entries below it is one child, and hides none of the others',
    async (context) => {
      const { filesystem, effort, claims } = context;
      const other = await context.another();
      const below = numbered('/large/b/', 2 * effort.children).map((path, index) =>
        index % 2 === 0 ? path : `${path}/deeper`,
      );
      const b = { name: 'b', isEntry: false, isPrefix: true };
      // Those that are next to it, and to what is below it, in the order of paths.
      const [before, after] = [
        [leaf('a'), leaf('a~')],
        [leaf('b!'), leaf('b0'), leaf('c')],
      ];
      const beside = [...before, ...after].map(({ name }) => `/large/${name}`);
      await inBatches([...beside, ...below], (path) => filesystem.put(path, file('x'), 'any'));
      // Whose bodies nobody asks for, though they would fill many a page.
      const body = new Uint8Array(Math.min(LARGE_BODY, claims.maxBodyBytes));
      const large = numbered('/large/b/large-', LARGE_BODIES);
      await inBatches(large, (path) => filesystem.put(path, { body }, 'any'));
      for (const limit of [1, 2, 3, 1000]) {
        const listed = await listAll(other, '/large', limit);
        checkEqual(listed, [...before, b, ...after], `what is listed in pages of ${limit}`);
      }
      checkEqual((await other.list('/large', { after: 'b' })).children, after, 'what comes after it');
      const own = await listAll(other, '/large/b', 1000);
      checkEqual(own.length, below.length + large.length, 'the number of its own children');
      let bytes = 0;
      for await (const entry of other.entries('/large/b')) bytes += entry.body.byteLength;
      checkEqual(bytes, below.length + large.length * body.byteLength, 'the bytes of all bodies below it, iterated');
    },
  ),
];

const leaf = (name: string): Child => ({ name, isEntry: true, isPrefix: false });

/** Follows the pages to the end, and checks that they join in order and without repetition. */
async function listAll(filesystem: RootFilesystem, directory: string, limit: number): Promise<Child[]> {
  const all: Child[] = [];
  let after: string | undefined;
  do {
    const { children, next } = await filesystem.list(directory, { limit, after });
    for (const child of children) {
      const before = all.at(-1)?.name;
      const inOrder = before === undefined || compareCodePoints(before, child.name) < 0;
      check(inOrder, `names in order and none of them twice; ${child.name} came after ${before}`);
      all.push(child);
    }
    check(all.length < MOST_STEPS, 'a listing that ends');
    after = next;
    // A reader who takes time over each page.
    await nextTurn();
  } while (after !== undefined);
  return all;
}

/** Checks that every instance lists exactly the names that lead to these entries, at every level. */
async function checkNames(instances: readonly RootFilesystem[], paths: readonly string[]): Promise<void> {
  for (const [index, filesystem] of instances.entries()) {
    for (const directory of ['/', '/gone', '/gone/a', '/gone/a/b', '/gone/a/b/c', '/gone/f']) {
      const start = directory === '/' ? directory : `${directory}/`;
      const below = paths.filter((path) => path.startsWith(start)).map((path) => path.slice(start.length));
      const names = [...new Set(below.map((rest) => rest.split('/')[0] as string))].toSorted(compareCodePoints);
      const expected = names.map((name): Child => ({
        name,
        isEntry: below.includes(name),
        isPrefix: below.some((rest) => rest.startsWith(`${name}/`)),
      }));
      const { children } = await filesystem.list(directory);
      checkEqual(children, expected, `the children of ${directory}, listed through instance ${index + 1}`);
    }
  }
}
