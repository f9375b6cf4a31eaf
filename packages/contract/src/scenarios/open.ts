import type { RootFilesystem } from '@holdfast/core';
import type { ContractStore } from '../harness.ts';
import { parseOpened, parseStore } from '../running/parse-harness.ts';
import { always, type Scenario } from '../scenario.ts';
import { file, textOf } from '../support/bodies.ts';
import { check, checkEqual } from '../support/check.ts';

/** How many instances are opened at once, and how many times they all are. */
const TOGETHER = 4;
const TIMES = 3;

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
            if (claims.cas !== 'none') await checkOneCreates(instances, `/open/created/${time}`);
          });
        }
      } finally {
        await store.destroy();
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
  check(
    paths.every((path) => iterated.includes(path)),
    'an iteration that shows all that was put',
  );
}

async function checkOneCreates(instances: readonly RootFilesystem[], path: string): Promise<void> {
  const ends = await Promise.allSettled(instances.map((filesystem) => filesystem.put(path, file('x'), 'absent')));
  checkEqual(
    ends.filter(({ status }) => status === 'fulfilled').length,
    1,
    'the number of puts that created the entry',
  );
}
