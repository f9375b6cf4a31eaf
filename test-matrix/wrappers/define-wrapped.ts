import { defineContract } from '@holdfast/contract';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import { selectBackends } from '../backends/selection.ts';
import { EACH_ONCE } from '../contract/much.ts';
import { SharedDatabase } from './shared-database.ts';
import { wrappedHarness } from './wrapped-harness.ts';
import { telemetry, WRAPPERS } from './wrappers.ts';

const long = process.env['HOLDFAST_LONG'] === '1';

// Much of a run at quick effort is waiting for deadlines to pass, so that several fit into one process. Storms at full
// effort need the process, and the backend, to themselves.
const several = long ? it : it.concurrent;
vi.setConfig({ maxConcurrency: 8 });

const { leftOut } = selectBackends();

/** Where a database under wrappers is something else than memory: calls take their time, fail on their way, and meet others. */
const OVER_DATABASES = [
  'abort',
  'cas',
  'close',
  'commit.interrupted-history',
  'commit.reply-landed',
  'commit.reply-not-landed',
  'deadline',
  'durability.reopen',
  'model.calls',
  'process',
  'race',
  'reply',
];

/**
 * The contract suite on one backend under wrappers. In `npm test` at quick effort, on memory under each of them and all of it
 * under the stack of all, on the others what depends on them under that stack; in `npm run test:long` at full effort all of it under each of
 * them on every backend.
 */
export function defineWrapped(backend: Backend): void {
  const { skipIf } = describe;
  const suite = skipIf(leftOut.some(({ id }) => id === backend.id));
  const database = new SharedDatabase(backend);
  afterAll(() => database.destroy());
  const everything = long || backend.id === 'memory';
  const under = everything ? WRAPPERS : WRAPPERS.filter(({ standsForAll }) => standsForAll);
  for (const wrapper of under) {
    const harness = wrappedHarness(backend.name, database, wrapper);
    const part = everything ? EACH_ONCE : OVER_DATABASES;
    const only = long || (everything && wrapper.standsForAll) ? {} : { only: part };
    defineContract(harness, { describe: suite, it: several }, { effort: long ? 'full' : 'quick', ...only });
  }
  suite(`tracing, over ${backend.name}`, () => {
    it('was told of what the suite did, and that each operation ended, once', () => {
      const { spans, measurements } = telemetry.told;
      expect(Math.min(spans, measurements)).toBeGreaterThan(1000);
      expect(telemetry.wrongEnds()).toEqual([]);
    });
  });
}
