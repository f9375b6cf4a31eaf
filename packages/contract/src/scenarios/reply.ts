import { CasApply, casUpdate, HoldfastError, type Outcome, type Version } from '@holdfast/core';
import type { ScenarioContext } from '../running/scenario-context.ts';
import type { Need } from '../needs.ts';
import { claimed, type Scenario, type ScenarioBody, type ScenarioId } from '../scenario.ts';
import { file, textOf } from '../support/bodies.ts';
import { checkEqual, checkRejects } from '../support/check.ts';
import { counterCodec, increment, refusesCasUpdate, setCount } from '../support/counter.ts';
import { putVersioned } from '../support/states.ts';
import type { FaultOperation, FaultPlan } from '../faults/fault-plan.ts';

const PATH = '/reply/entry';
const UNKNOWN = { code: 'OUTCOME_UNKNOWN', outcome: 'unknown' } as const;

function lost(outcome: Outcome = 'unknown'): never {
  throw new HoldfastError('UNAVAILABLE', 'the connection was cut', { outcome });
}

/** The number of backend calls of one sort. */
const count = (faults: FaultPlan, operation: FaultOperation): number =>
  faults.calls.filter((call) => call.operation === operation).length;

/** Without versions a lost write cannot be recognised: it is reported as unknown and never sent twice. */
const reportsUnknown: ScenarioBody = async (context) => {
  const faults = context.faults();
  faults.add({ on: 'put', nth: 1, when: 'after', effect: () => lost() });
  await checkRejects(() => context.filesystem.put(PATH, file('new'), 'any'), UNKNOWN, 'put with a lost reply');
  checkEqual(count(faults, 'put'), 1, 'the number of puts sent');
};

/** So is a lost delete that names no version, on every backend. */
const reportsUnknownDelete: ScenarioBody = async (context) => {
  await context.filesystem.put(PATH, file('x'), 'any');
  const faults = context.faults();
  faults.add({ on: 'delete', nth: 1, when: 'after', effect: () => lost() });
  await checkRejects(() => context.filesystem.delete(PATH, 'any'), UNKNOWN, 'delete with a lost reply');
  checkEqual(count(faults, 'delete'), 1, 'the number of deletes sent');
};

/** A scenario on an entry that exists, with its version. */
function onEntry(
  id: ScenarioId,
  title: string,
  run: (context: ScenarioContext, faults: FaultPlan, version: Version) => Promise<void>,
  {
    needs = ['versioned'],
    unclaimed = reportsUnknown,
  }: { readonly needs?: readonly [Need, ...Need[]]; readonly unclaimed?: ScenarioBody } = {},
): Scenario {
  return claimed(id, title, needs, {
    async run(context) {
      const version = await putVersioned(context.filesystem, PATH, 'old');
      await run(context, context.faults(), version);
    },
    unclaimed,
  });
}

/** Lost replies: resolved by reading back where that can tell, and otherwise reported, never repeated. */
export const replyScenarios: readonly Scenario[] = [
  onEntry(
    'reply.landed',
    'a write that landed although its reply was lost succeeds, with its own version',
    async (context, faults, version) => {
      for (const [expectation, text] of [
        [{ version }, 'a'],
        ['any', 'b'],
      ] as const) {
        faults.clear();
        faults.add({ on: 'put', nth: 1, when: 'after', effect: () => lost() });
        const before = count(faults, 'put');
        const result = await context.filesystem.put(PATH, file(text), expectation);
        const stored = await context.filesystem.get(PATH);
        checkEqual(textOf(stored), text, 'the body');
        checkEqual(stored?.version, result.version, 'the version');
        checkEqual(count(faults, 'put') - before, 1, 'the number of puts sent');
      }
      faults.clear();
      faults.add({ on: 'put', nth: 1, when: 'after', effect: () => lost() });
      const created = await context.filesystem.put('/reply/created', file('x'), 'absent');
      checkEqual(
        (await context.filesystem.get('/reply/created'))?.version,
        created.version,
        'the version of a creation',
      );
    },
  ),
  onEntry(
    'reply.not-landed',
    'a write that was lost on the way is sent again, the very same, and lands once',
    async (context, faults, version) => {
      faults.add({ on: 'put', nth: 1, when: 'before', effect: () => lost() });
      const result = await context.filesystem.put(PATH, file('new'), { version });
      const stored = await context.filesystem.get(PATH);
      checkEqual(textOf(stored), 'new', 'the body');
      checkEqual(stored?.version, result.version, 'the version');
      checkEqual(count(faults, 'put'), 2, 'the number of puts sent');
    },
  ),
  onEntry(
    'reply.overtaken',
    'when somebody else has written meanwhile, a lost write is unknown and not repeated',
    async (context, faults, version) => {
      // Theirs may be the very same bytes: the version tells whose they are.
      for (const [when, theirs] of [
        ['before', 'theirs'],
        ['after', 'theirs'],
        ['before', 'mine'],
        ['after', 'mine'],
      ] as const) {
        const overtake = async (): Promise<void> => {
          await context.filesystem.put(PATH, file(theirs), 'any');
          lost();
        };
        faults.clear();
        const current = (await context.filesystem.get(PATH))?.version ?? version;
        faults.add({ on: 'put', expectation: 'version', nth: 1, when, effect: overtake });
        await checkRejects(
          () => context.filesystem.put(PATH, file('mine'), { version: current }),
          UNKNOWN,
          `put, overtaken ${when} it took effect`,
        );
        checkEqual(await context.text(PATH), theirs, 'the body');
      }
    },
  ),
  onEntry(
    'reply.late-first-copy',
    'a write that lands late, after it was sent again, is still counted once',
    async (context, faults, version) => {
      // The reply of the first copy is lost before it lands; it lands while the second copy is under way.
      const adapter = context.filesystem;
      faults.add({ on: 'put', nth: 1, when: 'before', effect: () => lost() });
      faults.add({
        on: 'put',
        nth: 2,
        when: 'after',
        effect: () => {
          throw new HoldfastError('VERSION_MISMATCH', 'the first copy was there before');
        },
      });
      const result = await adapter.put(PATH, file('new'), { version });
      checkEqual((await adapter.get(PATH))?.version, result.version, 'the version');
      checkEqual(count(faults, 'put'), 2, 'the number of puts sent');
    },
  ),
  onEntry(
    'reply.creation-gone',
    "a lost 'absent' or 'any' write that is not there is unknown and not sent again",
    async (context, faults) => {
      for (const expectation of ['absent', 'any'] as const) {
        faults.clear();
        faults.add({ on: 'put', nth: 1, when: 'before', effect: () => lost() });
        const before = count(faults, 'put');
        await checkRejects(
          () => context.filesystem.put('/reply/gone', file('x'), expectation),
          UNKNOWN,
          `put ${expectation}`,
        );
        checkEqual(await context.text('/reply/gone'), undefined, 'the body');
        checkEqual(count(faults, 'put') - before, 1, 'the number of puts sent');
      }
    },
  ),
  onEntry(
    'reply.delete',
    'a lost delete is sent again while the version is still there, and is unknown otherwise',
    async (context, faults, version) => {
      faults.add({ on: 'delete', nth: 1, when: 'before', effect: () => lost() });
      checkEqual((await context.filesystem.delete(PATH, { version })).deleted, true, 'deleted');
      checkEqual(count(faults, 'delete'), 2, 'the number of deletes sent');
      const next = await putVersioned(context.filesystem, PATH, 'again');
      faults.clear();
      faults.add({ on: 'delete', nth: 1, when: 'after', effect: () => lost() });
      await checkRejects(
        () => context.filesystem.delete(PATH, { version: next }),
        UNKNOWN,
        'delete that landed without a reply',
      );
      checkEqual(count(faults, 'delete'), 3, 'the number of deletes sent');
    },
    { needs: ['conditionalDelete'], unclaimed: reportsUnknownDelete },
  ),
  onEntry(
    'reply.definite',
    'an error that is definitely not applied is neither read back nor repeated',
    async (context, faults, version) => {
      faults.add({ on: 'put', when: 'before', effect: () => lost('not-applied') });
      await checkRejects(
        () => context.filesystem.put(PATH, file('new'), { version }),
        { code: 'UNAVAILABLE', outcome: 'not-applied' },
        'put',
      );
      checkEqual(
        faults.calls.map(({ operation }) => operation),
        ['put'],
        'the backend calls',
      );
    },
  ),
  onEntry(
    'reply.unclassified',
    'an error that the adapter did not classify counts as a lost reply',
    async (context, faults, version) => {
      faults.add({
        on: 'put',
        nth: 1,
        when: 'after',
        effect: () => {
          throw new Error('socket hang up');
        },
      });
      await context.filesystem.put(PATH, file('new'), { version });
      checkEqual(await context.text(PATH), 'new', 'the body');
    },
  ),
  onEntry(
    'reply.unreadable',
    'when reading back fails for good, the outcome is unknown',
    async (context, faults, version) => {
      faults.add({ on: 'put', nth: 1, when: 'after', effect: () => lost() });
      faults.add({
        on: 'get',
        nth: 1,
        when: 'before',
        effect: () => {
          throw new HoldfastError('ACCESS_DENIED', 'no more');
        },
      });
      await checkRejects(() => context.filesystem.put(PATH, file('new'), { version }), UNKNOWN, 'put');
    },
  ),
  onEntry(
    'reply.flaky-read-back',
    'reading back is tried again while the backend cannot be reached',
    async (context, faults, version) => {
      faults.add({ on: 'put', nth: 1, when: 'after', effect: () => lost() });
      for (const nth of [1, 2, 3]) faults.add({ on: 'get', nth, when: 'before', effect: () => lost() });
      await context.filesystem.put(PATH, file('new'), { version });
      checkEqual(await context.text(PATH), 'new', 'the body');
    },
  ),
  onEntry(
    'reply.cas-not-retried',
    'casUpdate reports an unknown outcome and does not run apply again',
    async (context, faults) => {
      let applied = 0;
      faults.add({ on: 'put', nth: 1, when: 'before', effect: () => lost() });
      const update = () =>
        casUpdate(context.filesystem, '/reply/cas', counterCodec, () => {
          applied += 1;
          return CasApply.write({ count: 1 });
        });
      await checkRejects(update, { code: 'OUTCOME_UNKNOWN', outcome: 'unknown' }, 'casUpdate');
      checkEqual(applied, 1, 'the number of times apply ran');
    },
    { needs: ['versioned', 'records'], unclaimed: refusesCasUpdate },
  ),
  onEntry(
    'reply.cas-exact',
    'a counter is exact although every fifth write loses its reply, before or after it landed',
    async (context, faults) => {
      const path = '/reply/counter';
      await setCount(context.filesystem, path, 0);
      const { updates } = context.effort.storm;
      for (let nth = 1; nth < 10 * updates; nth += 5) {
        faults.add({ on: 'put', path, nth, when: nth % 2 === 0 ? 'before' : 'after', effect: () => lost() });
      }
      let unknown = 0;
      await Promise.all(
        Array.from({ length: 4 }, async (_, writer) => {
          for (let update = 0; update < updates; update += 1) {
            await increment(context.filesystem, path, { combine: writer < 2 }).catch((error: unknown) => {
              if ((error as HoldfastError).code !== 'OUTCOME_UNKNOWN') throw error;
              unknown += 1;
            });
          }
        }),
      );
      faults.clear();
      const { snapshot } = await casUpdate(context.filesystem, path, counterCodec, () => CasApply.noOp());
      const missing = 4 * updates - (snapshot?.count ?? 0);
      checkEqual(
        missing >= 0 && missing <= unknown,
        true,
        `whether ${missing} missing updates are among the ${unknown} of unknown outcome`,
      );
    },
    { needs: ['versioned', 'records'], unclaimed: refusesCasUpdate },
  ),
];
