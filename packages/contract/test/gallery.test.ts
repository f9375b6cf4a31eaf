import { describe, test, vi } from 'vitest';
import { runContract, SCENARIOS, type ContractStore, type Scenario } from '../src/index.ts';
import { unmetNeeds } from '../src/needs.ts';
import { GALLERY } from './gallery/index.ts';
import type { BrokenAdapter } from './gallery/support/broken-adapter.ts';
import { expand } from './gallery/support/expand.ts';

// Most of a run is waiting for deadlines to pass, so that many fit into one process.
vi.setConfig({ maxConcurrency: 16, testTimeout: 300_000 });

// Long enough for what is only slow, on a busy machine.
const HUNG_AFTER_MS = 8000;

const long = process.env['HOLDFAST_LONG'] === '1';

// What costs most of the processor time of this file. In the short run it is only for the adapters it must catch.
const COSTLY: readonly string[] = [
  'list.many',
  'list.large-child',
  'list.restless-writers',
  'entries.many',
  'entries.restless-writers',
  'race.every-shape',
  'process.every-race',
  'durability.killed-idle',
  'durability.killed-busy',
  'durability.killed-at-once',
  'durability.killed-large',
  'durability.reopen-many',
  'commit.most-bytes',
  'commit.killed-process',
  ...expand('commit.*history'),
  ...expand('model.*'),
];

// What it would have to break is what every other scenario needs: a write and a read.
const OPPOSITES_THAT_CANNOT_FAIL_ALONE: readonly string[] = [
  'durability.killed-process',
  'durability.killed-at-once',
  'durability.killed-large',
  'model.processes',
];

describe.concurrent('a broken adapter is caught by the scenarios it names, and by no other', () => {
  test.for(GALLERY)('$name', async (adapter, { expect }) => {
    const { name, caughtBy, perhapsBy = [], createStore, hangs } = adapter;
    const expected = new Set(caughtBy.flatMap(expand));
    const possible = new Set([...expected, ...perhapsBy.flatMap(expand)]);
    const others = await othersOf(adapter);
    const only = SCENARIOS.map(({ id }) => id).filter((id) => expected.has(id) || others.has(id));
    const { scenarios } = await runContract(
      { name, createStore: async () => createStore() },
      { effort: 'quick', only, seed: 1, ...(hangs === true ? { scenarioTimeoutMs: HUNG_AFTER_MS } : {}) },
    );
    const failed = scenarios.filter(({ status }) => status === 'failed');
    // What is found by chance is found by the model too, mostly; it is there for what no other scenario finds.
    const unrelated = failed
      .filter(({ id }) => !possible.has(id) && !id.startsWith('model.'))
      .map(({ id, reason }) => `${id}: ${reason}`);
    const blind = [...expected].filter((id) => !failed.some((scenario) => scenario.id === id));
    expect({ unrelated, blind }).toEqual({ unrelated: [], blind: [] });
  });
});

describe('the gallery', () => {
  test('has no two adapters of one name', ({ expect }) => {
    const names = GALLERY.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('has two adapters at least for every family of scenarios', ({ expect }) => {
    const families = new Set(SCENARIOS.map(({ id }) => familyOf(id)));
    const counts = [...families].map((family) => ({
      family,
      count: GALLERY.filter(({ caughtBy }) => caughtBy.flatMap(expand).some((id) => familyOf(id) === family)).length,
    }));
    expect(counts.filter(({ count }) => count < 2)).toEqual([]);
  });

  test('has an adapter for every scenario, so that each of them can fail', async ({ expect }) => {
    const { claimed } = await whatCanFail();
    expect(SCENARIOS.map(({ id }) => id).filter((id) => !claimed.has(id))).toEqual([]);
  });

  test('has an adapter for the opposite of every scenario that has one', async ({ expect }) => {
    const { unclaimed } = await whatCanFail();
    const blind = SCENARIOS.filter((scenario) => scenario.unclaimed !== undefined && !unclaimed.has(scenario.id));
    expect(blind.map(({ id }) => id)).toEqual(OPPOSITES_THAT_CANNOT_FAIL_ALONE);
  });
});

/**
 * The scenarios that an adapter may not fail, which it is run with: in the short run a sixteenth of them, and none of the
 * costly ones. Each is met by every sixteenth adapter. What is there after a crash has an opposite that fails with whatever
 * else does: what is there while a store that keeps nothing is open.
 */
async function othersOf(adapter: BrokenAdapter): Promise<ReadonlySet<string>> {
  const number = GALLERY.indexOf(adapter);
  if (!long) {
    const some = SCENARIOS.filter(({ id }, index) => (index + number) % 16 === 0 && !COSTLY.includes(id));
    return new Set(some.map(({ id }) => id));
  }
  const runsOpposite = await oppositesOn(adapter.createStore());
  const others = SCENARIOS.filter((scenario) => !(familyOf(scenario.id) === 'durability' && runsOpposite(scenario)));
  return new Set(others.map(({ id }) => id));
}

/** What the id of a scenario begins with. */
function familyOf(id: string): string {
  return id.split('.')[0] as string;
}

/** The scenarios that some adapter fails: as they are, and as their opposites. */
async function whatCanFail(): Promise<{ claimed: ReadonlySet<string>; unclaimed: ReadonlySet<string> }> {
  const claimed = new Set<string>();
  const unclaimed = new Set<string>();
  for (const { caughtBy, perhapsBy = [], createStore } of GALLERY) {
    const runsOpposite = await oppositesOn(createStore());
    for (const id of [...caughtBy, ...perhapsBy].flatMap(expand)) {
      const scenario = SCENARIOS.find((it) => it.id === id) as Scenario;
      (runsOpposite(scenario) ? unclaimed : claimed).add(id);
    }
  }
  return { claimed, unclaimed };
}

/** Tells of which scenarios the opposite is run on a store. */
async function oppositesOn(store: ContractStore): Promise<(scenario: Scenario) => boolean> {
  const filesystem = await store.open();
  const claims = filesystem.capabilitiesAt('/contract');
  await filesystem.close();
  await store.destroy();
  return ({ needs }) => unmetNeeds(needs, claims).length > 0;
}
