import { defineContract, SCENARIOS, type ContractOptions } from '@holdfast/contract';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import { selectBackends } from '../backends/selection.ts';
import { SharedDatabase } from './shared-database.ts';
import { wrappedHarness } from './wrapped-harness.ts';
import { telemetry, WRAPPERS } from './wrappers.ts';

const long = process.env['HOLDFAST_LONG'] === '1';

// Much of a run at quick effort is waiting for deadlines to pass, so that several fit into one process. Storms at full
// effort need the process, and the backend, to themselves.
const several = long ? it : it.concurrent;
vi.setConfig({ maxConcurrency: 8 });

const { leftOut } = selectBackends();

/** Most of the processor time of a run over a database. There they are run, at quick effort, under the stack of all. */
const COSTLY: readonly string[] = [
  'model',
  'process',
  'durability',
  'cas.storm-one-instance',
  'cas.storm-several-instances',
  'cas.storm-of-moves',
  'race.every-shape',
  'race.entry-against-child',
  'version.new-per-process',
  'version.no-aba-across-processes',
  'list.gone-elsewhere',
  'list.restless-writers',
  'entries.restless-writers',
  'list.large-child',
];

const belongsTo = (costly: string, id: string): boolean => id === costly || id.startsWith(`${costly}.`);
const ids = SCENARIOS.map(({ id }) => id);
const unknown = COSTLY.filter((costly) => !ids.some((id) => belongsTo(costly, id)));
if (unknown.length > 0) throw new Error(`no scenario and no family is called ${unknown.join(', ')}`);
const cheap = ids.filter((id) => !COSTLY.some((costly) => belongsTo(costly, id)));

/**
 * The whole contract suite on one backend under wrappers. In `npm test` at quick effort, on memory under each of them,
 * on the others under those that say so, which have all of them in a stack; in `npm run test:long` at full effort under
 * each of them on every backend.
 */
export function defineWrapped(backend: Backend): void {
  const { skipIf } = describe;
  const suite = skipIf(leftOut.some(({ id }) => id === backend.id));
  const database = new SharedDatabase(backend);
  afterAll(() => database.destroy());
  for (const wrapper of WRAPPERS.filter(
    ({ onEveryBackend }) => long || backend.id === 'memory' || onEveryBackend === true,
  )) {
    const harness = wrappedHarness(backend.name, database, wrapper);
    const all = long || backend.id === 'memory' || wrapper.id === 'a stack of all';
    const options: ContractOptions = { effort: long ? 'full' : 'quick', ...(all ? {} : { only: cheap }) };
    defineContract(harness, { describe: suite, it: several }, options);
  }
  suite(`tracing, over ${backend.name}`, () => {
    it('was told of what the suite did, and that each operation ended, once', () => {
      const { spans, measurements } = telemetry.told;
      expect(Math.min(spans, measurements)).toBeGreaterThan(1000);
      expect(telemetry.wrongEnds()).toEqual([]);
    });
  });
}
