import { CasApply, casUpdate, HoldfastError, type OperationOptions, type Outcome } from '@holdfast/core';
import { clock } from '@holdfast/core/adapter';
import type { ScenarioContext } from '../running/scenario-context.ts';
import { always, claimed, type Scenario, type ScenarioBody } from '../scenario.ts';
import { file } from '../support/bodies.ts';
import { check, checkEqual, checkRejects } from '../support/check.ts';
import { counterCodec } from '../support/counter.ts';
import { changesNothing } from '../support/states.ts';
import { OPERATIONS } from './abort.ts';

const PATH = '/abort/entry';

/** A deadline that is short enough to wait for, but long enough that this backend, when healthy, is not cut off. */
async function shortMs({ filesystem }: ScenarioContext): Promise<number> {
  let slowest = 0;
  for (let round = 0; round < 3; round += 1) {
    const start = clock.now();
    await filesystem.put('/deadline/measured', file('x'), 'any');
    await filesystem.get('/deadline/measured');
    slowest = Math.max(slowest, clock.now() - start);
  }
  await filesystem.delete('/deadline/measured', 'any');
  return 40 + Math.ceil(4 * slowest);
}

/** Whether a write may have landed depends on whether it was sent; on a busy machine the deadline may come first. */
function outcomeOf(sent: boolean): Outcome {
  return sent ? 'unknown' : 'not-applied';
}

const endsReads: ScenarioBody = async (context) => {
  const timeoutMs = await shortMs(context);
  const faults = context.faults();
  faults.add({ on: 'get', when: 'before', effect: faults.hang });
  await checkRejects(() => context.filesystem.get(PATH, { timeoutMs }), { code: 'TIMEOUT' }, 'get');
};

// More than fit into what calls may have of the event loop at once, however fast they are answered.
const MANY_CALLS = 200_000;

/** Whether a timer fires while one call follows the other. */
async function timerFiresBetween(call: () => Promise<unknown>): Promise<boolean> {
  let fired = false;
  clock.setTimeout(() => (fired = true), 0);
  for (let count = 0; count < MANY_CALLS && !fired; count += 1) await call();
  return fired;
}

/** Nobody waits longer than they said they would. */
export const deadlineScenarios: readonly Scenario[] = [
  always(
    'deadline.hung-backend',
    'a deadline ends a call that the backend never answers; for a write the outcome is unknown',
    async (context) => {
      const timeoutMs = await shortMs(context);
      const faults = context.faults();
      for (const operation of ['get', 'getMany', 'put', 'delete', 'list', 'scan'] as const)
        faults.add({ on: operation, when: 'before', effect: faults.hang });
      for (const { name, mutates, call } of OPERATIONS) {
        const before = faults.calls.length;
        const what = `${name} on a backend that hangs`;
        const { outcome } = await checkRejects(
          () => call(context.filesystem, { timeoutMs }),
          { code: 'TIMEOUT' },
          what,
        );
        if (mutates) checkEqual(outcome, outcomeOf(faults.calls.length > before), `the outcome of ${what}`);
      }
    },
  ),
  always(
    'deadline.event-loop',
    'calls that follow one another without a pause let timers fire, those of deadlines too',
    async ({ filesystem }) => {
      await filesystem.put('/busy/entry', file('x'), 'any');
      const calls = {
        get: () => filesystem.get('/busy/entry'),
        list: () => filesystem.list('/busy'),
        put: () => filesystem.put('/busy/entry', file('x'), 'any'),
      };
      for (const [name, call] of Object.entries(calls))
        check(await timerFiresBetween(call), `a timer that fires among many calls of ${name}`);
    },
  ),
  always('deadline.passed-before', 'a call without any time left does nothing at all', async (context) => {
    const faults = context.faults();
    await changesNothing(context, async () => {
      const before = faults.calls.length;
      for (const { name, mutates, call } of OPERATIONS) {
        await checkRejects(
          () => call(context.filesystem, { timeoutMs: 0 }),
          { code: 'TIMEOUT', ...(mutates ? { outcome: 'not-applied' } : {}) },
          name,
        );
      }
      checkEqual(faults.calls.length, before, 'the number of backend calls');
    });
  }),
  always('deadline.generous', 'a deadline that is far away changes nothing', async (context) => {
    await context.filesystem.put('/abort/beside', file('x'), 'any');
    for (const { call } of OPERATIONS) await call(context.filesystem, { timeoutMs: 60_000 });
  }),
  claimed(
    'deadline.write-that-landed',
    'a write that landed but was never answered is found and answered as a success',
    ['versioned'],
    {
      async run(context) {
        const timeoutMs = await shortMs(context);
        const faults = context.faults();
        let landed = false;
        faults.add({
          on: 'put',
          when: 'after',
          effect: () => {
            landed = true;
            return faults.hang();
          },
        });
        const put = (options: OperationOptions) => context.filesystem.put(PATH, file('new'), 'any', options);
        const { version } = await put({ timeoutMs }).catch((error: unknown) => {
          if (landed) throw error;
          // The whole process stood still; once more, with time enough.
          return put({ timeoutMs: 20 * timeoutMs });
        });
        checkEqual((await context.filesystem.get(PATH))?.version, version, 'the version');
      },
      unclaimed: endsReads,
    },
  ),
  claimed(
    'deadline.cas-update',
    'one deadline ends casUpdate while it reads, decides, writes or backs off',
    ['versioned', 'records'],
    {
      async run(context) {
        const { filesystem } = context;
        const options = { timeoutMs: await shortMs(context) };
        const faults = context.faults();
        const increment = () =>
          casUpdate(
            filesystem,
            PATH,
            counterCodec,
            (current) => CasApply.write({ count: (current?.count ?? 0) + 1 }),
            options,
          );

        faults.add({ on: 'get', when: 'before', effect: faults.hang });
        await checkRejects(increment, { code: 'TIMEOUT', outcome: 'not-applied' }, 'casUpdate with a read that hangs');
        faults.clear();
        const forever = () =>
          casUpdate(
            filesystem,
            PATH,
            counterCodec,
            () => new Promise<CasApply<{ count: number }, undefined>>(() => {}),
            options,
          );
        await checkRejects(forever, { code: 'TIMEOUT', outcome: 'not-applied' }, 'casUpdate with an apply that hangs');
        const patient = () =>
          casUpdate(filesystem, PATH, counterCodec, () => CasApply.write({ count: 1 }), {
            ...options,
            backoffMinMs: 60_000,
            backoffMaxMs: 60_000,
            random: () => 0.999,
          });
        faults.add({
          on: 'put',
          when: 'before',
          effect: () => {
            throw new HoldfastError('VERSION_MISMATCH', 'a conflict');
          },
        });
        await checkRejects(patient, { code: 'TIMEOUT', outcome: 'not-applied' }, 'casUpdate that backs off');
        faults.clear();
        faults.add({ on: 'put', when: 'before', effect: faults.hang });
        const puts = () => faults.calls.filter(({ operation }) => operation === 'put').length;
        const before = puts();
        const { outcome } = await checkRejects(increment, { code: 'TIMEOUT' }, 'casUpdate with a write that hangs');
        checkEqual(outcome, outcomeOf(puts() > before), 'the outcome of a write that hangs');
        check((await filesystem.get(PATH)) === undefined, 'nothing to be written');
      },
      unclaimed: endsReads,
    },
  ),
];
