import { CasApply, casUpdate, HoldfastError, type RootFilesystem } from '@holdfast/core';
import type { ScenarioContext } from '../running/scenario-context.ts';
import { claimed, type Scenario, type ScenarioId } from '../scenario.ts';
import { Barrier, Gate, reached } from '../support/barrier.ts';
import { file } from '../support/bodies.ts';
import { check, checkEqual, checkRejects } from '../support/check.ts';
import { countAt, counterCodec, increment, refusesCasUpdate, setCount } from '../support/counter.ts';
import { changesNothing, FOREIGN } from '../support/states.ts';

const PATH = '/cas/record';

function cas(id: ScenarioId, title: string, run: (context: ScenarioContext) => Promise<void>): Scenario {
  return claimed(id, title, ['versioned', 'records'], { run, unclaimed: refusesCasUpdate });
}

/** An increment that arrives at a barrier each time it has read. */
async function incrementAfter(filesystem: RootFilesystem, barrier: Barrier): Promise<number> {
  let runs = 0;
  await casUpdate(filesystem, PATH, counterCodec, async (current) => {
    runs += 1;
    await barrier.arrive();
    return CasApply.write({ count: (current?.count ?? 0) + 1 });
  });
  return runs;
}

/** Conflicts: forced, counted, and survived. */
export const casConflictScenarios: readonly Scenario[] = [
  cas(
    'cas.forced-overlap',
    'of two updates that read the same version one writes at once and the other runs apply again, exactly once',
    async (context) => {
      const [one, two] = (await context.instances(2)) as [RootFilesystem, RootFilesystem];
      await setCount(one, PATH, 1);
      const barrier = new Barrier(2);
      const runs = await Promise.all([incrementAfter(one, barrier), incrementAfter(two, barrier)]);
      checkEqual(
        runs.toSorted((a, b) => a - b),
        [1, 2],
        'how often apply ran',
      );
      checkEqual(await countAt(one, PATH), 3, 'the counter');
    },
  ),
  cas(
    'cas.exhausted',
    'after maxAttempts conflicts the update fails, without waiting once more, and with the last conflict as the cause',
    async (context) => {
      const { filesystem } = context;
      await setCount(filesystem, PATH, 1);
      let draws = 0;
      const random = (): number => {
        draws += 1;
        return 0;
      };
      let runs = 0;
      const hopeless = () =>
        casUpdate(
          filesystem,
          PATH,
          counterCodec,
          async (current) => {
            runs += 1;
            await casUpdate(filesystem, PATH, counterCodec, (theirs) =>
              CasApply.write({ count: (theirs?.count ?? 0) + 1 }),
            );
            return CasApply.write({ count: (current?.count ?? 0) + 1000 });
          },
          { maxAttempts: 5, random },
        );
      const error = await checkRejects(
        hopeless,
        { code: 'RETRIES_EXHAUSTED', outcome: 'not-applied', path: PATH },
        'casUpdate',
      );
      checkEqual((error.cause as HoldfastError | undefined)?.code, 'VERSION_MISMATCH', 'the cause');
      checkEqual(runs, 5, 'the number of times apply ran');
      checkEqual(draws, 4, 'the number of waits');
      checkEqual(await countAt(filesystem, PATH), 6, 'the counter');
    },
  ),
  cas(
    'cas.busy-is-retried',
    'a definite BUSY of a read or a write is retried, and an unknown one is not',
    async (context) => {
      const { filesystem } = context;
      const faults = context.faults();
      const busy = (outcome: 'not-applied' | 'unknown') => () => {
        throw new HoldfastError('BUSY', 'busy', { outcome });
      };
      await setCount(filesystem, PATH, 0);
      faults.add({ on: 'get', nth: 1, when: 'before', effect: busy('not-applied') });
      faults.add({ on: 'put', expectation: 'version', nth: 1, when: 'before', effect: busy('not-applied') });
      const before = faults.calls.length;
      const { snapshot } = await increment(filesystem, PATH);
      checkEqual(snapshot?.count, 1, 'the count');
      // Either by casUpdate, which reads again for each attempt, or by a layer below it, which does not.
      const sent = faults.calls.slice(before).map(({ operation }) => operation);
      checkEqual(
        { writes: sent.filter((it) => it === 'put').length, reads: sent.filter((it) => it === 'get').length > 1 },
        { writes: 2, reads: true },
        'what was sent',
      );
      faults.clear();
      faults.add({ on: 'put', expectation: 'absent', when: 'before', effect: busy('unknown') });
      await checkRejects(
        () => increment(filesystem, '/cas/new'),
        { code: 'OUTCOME_UNKNOWN', outcome: 'unknown' },
        'casUpdate',
      );
    },
  ),
  cas('cas.other-errors-are-not-retried', "the backend's other errors reach the caller at once", async (context) => {
    const faults = context.faults();
    for (const code of ['ACCESS_DENIED', 'STORAGE_FULL', 'CORRUPT', 'BODY_TOO_LARGE', 'CLOSED'] as const) {
      faults.clear();
      faults.add({
        on: 'put',
        when: 'before',
        effect: () => {
          throw new HoldfastError(code, 'raised', { outcome: 'not-applied' });
        },
      });
      const before = faults.calls.length;
      await checkRejects(() => increment(context.filesystem, PATH), { code, outcome: 'not-applied' }, 'casUpdate');
      checkEqual(faults.calls.length - before, 2, 'the number of backend calls');
    }
  }),
  cas(
    'cas.cost',
    'without a conflict an update is one read and one write, and one that writes nothing is one read',
    async (context) => {
      const faults = context.faults();
      const calls = async (update: () => Promise<unknown>): Promise<string[]> => {
        const before = faults.calls.length;
        await update();
        return faults.calls.slice(before).map(({ operation }) => operation);
      };
      checkEqual(await calls(() => increment(context.filesystem, PATH)), ['get', 'put'], 'the calls of a creation');
      checkEqual(await calls(() => increment(context.filesystem, PATH)), ['get', 'put'], 'the calls of an update');
      checkEqual(
        await calls(() => casUpdate(context.filesystem, PATH, counterCodec, () => CasApply.noOp())),
        ['get'],
        'the calls of a no-op',
      );
      if (!context.claims.conditionalDelete) return;
      checkEqual(
        await calls(() => casUpdate(context.filesystem, PATH, counterCodec, () => CasApply.delete())),
        ['get', 'delete', 'get'],
        'the calls of a delete',
      );
    },
  ),
  cas(
    'cas.hung-apply',
    'while one apply hangs, any number of other updates of the same record go through',
    async (context) => {
      const { filesystem } = context;
      await setCount(filesystem, PATH, 1);
      const hanging = new Gate();
      const held = new Gate();
      let runs = 0;
      const hung = casUpdate(filesystem, PATH, counterCodec, async (current) => {
        runs += 1;
        hanging.open();
        if (runs === 1) await held.passed;
        return CasApply.write({ count: (current?.count ?? 0) + 1 });
      });
      await reached(hanging, hung);
      for (let update = 0; update < 20; update += 1)
        checkEqual(
          (await increment(filesystem, PATH)).attempts,
          1,
          'the attempts of an update beside the one that hangs',
        );
      held.open();
      checkEqual((await hung).attempts, 2, 'the attempts of the one that hung');
      checkEqual(await countAt(filesystem, PATH), 22, 'the counter');
    },
  ),
  cas(
    'cas.hung-write',
    'while the backend hangs on one write, other updates of the same record go through',
    async (context) => {
      const other = await context.another();
      const { filesystem } = context;
      await setCount(filesystem, PATH, 1);
      const faults = context.faults();
      const sent = new Gate();
      faults.add({
        on: 'put',
        nth: 1,
        when: 'before',
        effect: () => {
          sent.open();
          return faults.hang();
        },
      });
      const hung = increment(filesystem, PATH, { timeoutMs: 30_000 });
      await reached(sent, hung);
      for (let update = 0; update < 10; update += 1) await increment(other, PATH);
      faults.release();
      await hung;
      checkEqual(await countAt(filesystem, PATH), 12, 'the counter');
    },
  ),
  cas(
    'cas.nested',
    'an update inside the apply of an update of the same record does not deadlock',
    async ({ filesystem }) => {
      await setCount(filesystem, PATH, 0);
      const { attempts } = await casUpdate(filesystem, PATH, counterCodec, async (current, { attempt }) => {
        if (attempt === 1) await increment(filesystem, PATH);
        return CasApply.write({ count: (current?.count ?? 0) + 1 });
      });
      checkEqual(attempts, 2, 'the number of attempts');
      checkEqual(await countAt(filesystem, PATH), 2, 'the counter');
    },
  ),
  cas(
    'cas.create-race',
    'of updates that all found nothing one creates the record and the others build on it',
    async (context) => {
      const instances = await context.instances(4);
      const { racers } = context.effort.race;
      const barrier = new Barrier(racers);
      const runs = await Promise.all(
        Array.from({ length: racers }, (_, index) => incrementAfter(instances[index % 4] as RootFilesystem, barrier)),
      );
      checkEqual(runs.filter((count) => count === 1).length, 1, 'the number of updates that wrote at once');
      checkEqual(await countAt(context.filesystem, PATH), racers, 'the counter');
    },
  ),
  cas(
    'cas.version-mismatch-of-apply',
    'a conflict that apply itself runs into elsewhere is its own error and is not retried',
    async (context) => {
      const { filesystem } = context;
      let runs = 0;
      await changesNothing(context, async () => {
        let own: unknown;
        const error = await checkRejects(
          () =>
            casUpdate(filesystem, PATH, counterCodec, async () => {
              runs += 1;
              await filesystem.put('/cas/elsewhere', file('x'), { version: FOREIGN }).catch((conflict: unknown) => {
                own = conflict;
                throw conflict;
              });
              return CasApply.write({ count: 1 });
            }),
          { code: 'VERSION_MISMATCH' },
          'casUpdate',
        );
        check(error === own, "apply's own error");
      });
      check(runs === 1, 'apply to run once');
    },
  ),
];
