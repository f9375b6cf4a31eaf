import type { RootFilesystem } from '@holdfast/core';
import type { ContractStore } from '../harness.ts';
import { stopIfAbandoned } from '../running/current-run.ts';
import { parseOpened, parseStore } from '../running/parse-harness.ts';
import { always, type Scenario } from '../scenario.ts';
import { nextTurn } from '../support/barrier.ts';
import { file, textOf } from '../support/bodies.ts';
import { checkEqual } from '../support/check.ts';

/** How many instances are opened at once, and how many times they all are. */
const TOGETHER = 4;
const TIMES = 3;

/** How many instances are opened while another one writes, how many entries go meanwhile, and how many come at most. */
const OPENED_AMID = 5;
const AMID = 6;
const MOST_AMID = 40;

/** Opening is no moment at which there are two stores. */
export const openScenarios: readonly Scenario[] = [
  always(
    'open.together',
    'instances that are opened at once, on a new store too, are of one store, which each may use as soon as it is open',
    async ({ harness, claims, signal }) => {
      const count = claims.sharing === 'instance' ? 1 : TOGETHER;
      const store = parseStore(await harness.createStore());
      try {
        signal.throwIfAborted();
        const written: string[] = [];
        for (let time = 0; time < (claims.durability === 'none' ? 1 : TIMES); time += 1) {
          const paths = Array.from({ length: count }, (_, index) => `/open/${time}/${index}`);
          written.push(...paths);
          await withInstances(store, paths, async (instances) => {
            for (const filesystem of instances) await checkThere(filesystem, written);
            if (claims.cas === 'none') return;
            const path = `/open/${time}/created`;
            await checkOneCreates(instances, path);
            written.push(path);
          });
        }
      } finally {
        await store.destroy();
      }
    },
  ),
  always(
    'open.amid-writes',
    'an instance that is opened while another one writes shows all that was written, before, meanwhile and afterwards',
    async (context) => {
      const { filesystem } = context;
      const there = new Set<string>();
      const put = async (path: string): Promise<void> => {
        await filesystem.put(path, file(path), 'any');
        there.add(path);
      };
      const remove = async (path: string): Promise<void> => {
        await filesystem.delete(path, 'any');
        there.delete(path);
      };
      const names = Array.from({ length: AMID }, (_, index) => index);
      for (let turns = 0; turns < OPENED_AMID; turns += 1) {
        const going = names.map((name) => `/open/${turns}/going/${name}`);
        await Promise.all(going.map(put));
        let isOpen = false;
        const writing = (async () => {
          for (let name = 0; name < AMID || !isOpen; name += 1) {
            stopIfAbandoned();
            const gone = going[name];
            await Promise.all([
              put(`/open/${turns}/${name % MOST_AMID}`),
              gone === undefined ? undefined : remove(gone),
            ]);
            await nextTurn();
          }
        })();
        for (let turn = 0; turn < turns; turn += 1) await nextTurn();
        const another = await context.another().finally(() => {
          isOpen = true;
        });
        await writing;
        await put(`/open/${turns}/last`);
        await checkThere(another, [...there]);
        for (const path of going)
          checkEqual(await another.get(path), undefined, `what is at ${path}, which was deleted`);
        const { children } = await another.list(`/open/${turns}`, { limit: 1000 });
        const inIt = [...there].filter((path) => path.startsWith(`/open/${turns}/`));
        checkEqual(children.length, inIt.length, `the number of names in /open/${turns}`);
      }
    },
  ),
];

/** Opens an instance for each path at once, which it puts as soon as it is open; then all are used, and closed at once. */
async function withInstances(
  store: ContractStore,
  paths: readonly string[],
  use: (instances: readonly RootFilesystem[]) => Promise<void>,
): Promise<void> {
  const opened: RootFilesystem[] = [];
  try {
    const begun = paths.map(async (path) => {
      const filesystem = parseOpened(await store.open());
      opened.push(filesystem);
      await filesystem.put(path, file(path), 'any');
    });
    // Also where one fails all have to have opened, or else nobody would close those that come later.
    await Promise.allSettled(begun);
    await Promise.all(begun);
    await use(opened);
  } finally {
    await Promise.all(opened.map((filesystem) => filesystem.close()));
  }
}

async function checkThere(filesystem: RootFilesystem, paths: readonly string[]): Promise<void> {
  for (const path of paths) checkEqual(textOf(await filesystem.get(path)), path, `the body at ${path}`);
  const iterated: string[] = [];
  for await (const { path } of filesystem.entries('/open')) iterated.push(path);
  checkEqual(iterated.toSorted(), [...paths].toSorted(), 'the paths that are iterated');
}

async function checkOneCreates(instances: readonly RootFilesystem[], path: string): Promise<void> {
  const ends = await Promise.allSettled(instances.map((filesystem) => filesystem.put(path, file(path), 'absent')));
  checkEqual(
    ends.filter(({ status }) => status === 'fulfilled').length,
    1,
    'the number of puts that created the entry',
  );
}
