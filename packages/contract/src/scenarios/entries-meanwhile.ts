import type { EntriesOptions, RootFilesystem } from '@holdfast/core';
import { compareCodePoints } from '@holdfast/core/adapter';
import { RestlessStore } from '../restless/restless-store.ts';
import { always, type Scenario } from '../scenario.ts';
import { nextTurn } from '../support/barrier.ts';
import { check, checkEqual } from '../support/check.ts';
import { MOST_STEPS } from '../support/most-steps.ts';

const PAGES: readonly EntriesOptions[] = [{ pageSize: 5 }, { pageSize: 1 }, {}, { pageBytes: 500 }, { pageSize: 1000 }];

/** What an iteration shows while others write. */
export const entriesMeanwhileScenarios: readonly Scenario[] = [
  always(
    'entries.restless-writers',
    'while writers never pause, an iteration shows every entry that stays exactly once, whole and in order',
    async (context) => {
      const instances = await context.instances(3);
      const { staying, rounds } = context.effort.restless;
      const store = new RestlessStore(instances, staying);
      await store.around(context.effort.seed, async () => {
        for (let round = 0; round < rounds; round += 1) {
          for (const [index, options] of PAGES.entries()) {
            const reader = instances[index % instances.length] as RootFilesystem;
            await iterate(reader, store, options);
          }
        }
      });
    },
  ),
];

async function iterate(reader: RootFilesystem, store: RestlessStore, options: EntriesOptions): Promise<void> {
  const seen: string[] = [];
  for await (const snapshot of reader.entries(store.directory, options)) {
    store.checkWhole(snapshot);
    const before = seen.at(-1);
    check(
      before === undefined || compareCodePoints(before, snapshot.path) < 0,
      `paths in order and none of them twice; ${snapshot.path} came after ${before}`,
    );
    check(seen.push(snapshot.path) < MOST_STEPS, 'an iteration that ends');
    // A reader who takes time over each entry, so that much happens between two pages.
    if (options.pageSize === 5) await nextTurn();
  }
  const staying = new Set(store.staying);
  checkEqual(
    seen.filter((path) => staying.has(path)),
    store.staying,
    `the entries that stay, iterated with ${JSON.stringify(options)}`,
  );
}
