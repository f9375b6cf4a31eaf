import { commit, HoldfastError, type Change, type Outcome, type Version } from '@holdfast/core';
import { isUint8Array } from '@holdfast/core/adapter';
import type { BackendCall, FaultPlan } from '../faults/fault-plan.ts';
import type { Scenario } from '../scenario.ts';
import { file } from '../support/bodies.ts';
import { checkEqual, checkRejects } from '../support/check.ts';
import { aboutCommits, checks, deletes, puts } from '../support/commits.ts';
import { changesNothing, putVersioned } from '../support/states.ts';

const A = '/commit/a';
const B = '/commit/b';
const UNKNOWN = { code: 'OUTCOME_UNKNOWN', outcome: 'unknown' } as const;

function lost(outcome: Outcome = 'unknown'): never {
  throw new HoldfastError('UNAVAILABLE', 'the connection was cut', { outcome });
}

/** Loses the reply of the next commit. */
function lose(faults: FaultPlan, when: 'before' | 'after', meanwhile: () => Promise<unknown> = async () => {}): void {
  faults.clear();
  const effect = async (): Promise<void> => {
    await meanwhile();
    lost();
  };
  faults.add({ on: 'commit', nth: 1, when, effect });
}

/** How many commits were sent while something was done. */
async function sentBy(faults: FaultPlan, work: () => Promise<unknown>): Promise<number> {
  const count = (): number => faults.calls.filter(({ operation }) => operation === 'commit').length;
  const before = count();
  await work();
  return count() - before;
}

/** Everything of a request that decides what is written. */
function textOfRequest({ request }: BackendCall): string {
  return JSON.stringify(request, (_key, value: unknown) => (isUint8Array(value) ? Array.from(value) : value));
}

/** Commits whose replies are lost: resolved where anything that they wrote can tell, and otherwise reported, never repeated. */
export const commitReplyScenarios: readonly Scenario[] = [
  aboutCommits(
    'commit.reply-landed',
    'a commit that landed although its reply was lost succeeds, also when all but one of its entries were written since',
    async (context) => {
      const { filesystem } = context;
      const faults = context.faults();
      const version = await putVersioned(filesystem, A, 'old');
      const commits: readonly (readonly Change[])[] = [
        [puts(A, 'new', { version }), puts(B, 'new', 'absent')],
        [deletes(B), checks('/commit/c', 'absent'), puts(A, 'newer')],
        [checks('/commit/c', 'absent'), puts(A, 'newest'), puts(B, 'again', 'absent')],
      ];
      for (const changes of commits) {
        lose(faults, 'after');
        let answered: Version | undefined;
        const sent = await sentBy(faults, async () => {
          answered = (await commit(filesystem, changes)).version;
        });
        checkEqual((await filesystem.get(A))?.version, answered, 'the version');
        checkEqual(sent, 1, 'the number of commits sent');
      }
      lose(faults, 'after', () => filesystem.put(A, file('theirs'), 'any'));
      const { version: last } = await commit(filesystem, [puts(A, 'mine'), puts(B, 'mine')]);
      checkEqual((await filesystem.get(B))?.version, last, 'the version of what nobody has written since');
      checkEqual(await context.text(A), 'theirs', 'what somebody else has written since');
    },
  ),
  aboutCommits(
    'commit.reply-not-landed',
    'a commit that was lost on the way is sent again, the very same, and lands once',
    async (context) => {
      const { filesystem, claims } = context;
      const faults = context.faults();
      const version = await putVersioned(filesystem, A, 'old');
      const other = await putVersioned(filesystem, B, 'old');
      const seen: string[] = [];
      const note = (call: BackendCall): void => void seen.push(textOfRequest(call));
      lose(faults, 'before');
      faults.add({ on: 'commit', when: 'before', effect: note }).add({ on: 'commit', when: 'after', effect: note });
      const first = [puts('/commit/c', 'new', 'absent'), puts(A, 'new', { version }), checks(B, { version: other })];
      const sent = await sentBy(faults, () => commit(filesystem, first));
      checkEqual(sent, 2, 'the number of commits sent');
      for (const request of seen) checkEqual(request, seen[0], 'the request, whenever it is looked at');
      checkEqual([await context.text(A), await context.text('/commit/c')], ['new', 'new'], 'what was put');
      // The first copy lands late, while the second is under way, which finds that it is too late.
      lose(faults, 'before');
      const isThere = { code: 'VERSION_MISMATCH', outcome: 'not-applied' } as const;
      faults.add({
        on: 'commit',
        nth: 2,
        when: 'after',
        effect: () => {
          throw new HoldfastError(isThere.code, 'the first copy was there before', { outcome: isThere.outcome });
        },
      });
      const current = (await filesystem.get(A))?.version as Version;
      const late = await commit(filesystem, [
        puts('/commit/d', 'late', 'absent'),
        puts(A, 'late', { version: current }),
      ]);
      checkEqual((await filesystem.get(A))?.version, late.version, 'the version of one that landed late');
      if (!claims.conditionalDelete) return;
      lose(faults, 'before');
      await commit(filesystem, [deletes(B, { version: other })]);
      checkEqual(await context.text(B), undefined, 'what was deleted');
    },
  ),
  aboutCommits(
    'commit.reply-unknown',
    'a lost commit of which nothing tells whether it landed is unknown, and not sent again',
    async (context) => {
      const { filesystem } = context;
      const faults = context.faults();
      const unknown = async (changes: readonly Change[], what: string): Promise<void> => {
        const sent = await sentBy(faults, () => checkRejects(() => commit(filesystem, changes), UNKNOWN, what));
        checkEqual(sent, 1, `the number of commits sent of ${what}`);
      };
      lose(faults, 'before');
      await changesNothing(context, () =>
        unknown([puts(A, 'x', 'absent'), puts(B, 'x')], 'a commit that is not there'),
      );
      for (const when of ['before', 'after'] as const) {
        const version = await putVersioned(filesystem, A, 'old');
        await putVersioned(filesystem, B, 'old');
        lose(faults, when, async () => {
          await filesystem.put(A, file('theirs'), 'any');
          await filesystem.put(B, file('theirs'), 'any');
        });
        await unknown(
          [puts(A, 'mine', { version }), puts(B, 'mine')],
          `a commit that was overtaken ${when} it took effect`,
        );
        checkEqual([await context.text(A), await context.text(B)], ['theirs', 'theirs'], 'what is there');
      }
      lose(faults, 'after');
      await unknown([deletes(A), deletes(B)], 'a commit of deletes');
    },
  ),
  aboutCommits(
    'commit.reply-of-checks',
    'a commit of checks whose reply is lost is asked again, whatever became of it, and never unknown',
    async (context) => {
      const { filesystem } = context;
      const faults = context.faults();
      const version = await putVersioned(filesystem, A, 'old');
      for (const when of ['before', 'after'] as const) {
        lose(faults, when);
        const right = [checks(A, { version }), checks(B, 'absent')];
        checkEqual((await commit(filesystem, right)).version, undefined, 'the version of a commit of checks');
        lose(faults, when);
        const mismatch = { code: 'VERSION_MISMATCH', outcome: 'not-applied', path: A } as const;
        await checkRejects(() => commit(filesystem, [checks(A, 'absent'), checks(B, 'absent')]), mismatch, 'checks');
      }
    },
  ),
  aboutCommits(
    'commit.reply-definite',
    'a commit that is definitely not applied is neither looked for nor repeated, and one of an unknown sort of error is',
    async (context) => {
      const { filesystem } = context;
      const faults = context.faults();
      const version = await putVersioned(filesystem, A, 'old');
      const changes = [puts(A, 'new', { version }), puts(B, 'new', 'absent')];
      const before = faults.calls.length;
      faults.add({ on: 'commit', nth: 1, when: 'before', effect: () => lost('not-applied') });
      const definite = { code: 'UNAVAILABLE', outcome: 'not-applied' } as const;
      await checkRejects(() => commit(filesystem, changes), definite, 'a commit');
      checkEqual(
        faults.calls.slice(before).map(({ operation }) => operation),
        ['commit'],
        'the backend calls',
      );
      faults.clear();
      const effect = (): never => {
        throw new Error('socket hang up');
      };
      faults.add({ on: 'commit', nth: 1, when: 'after', effect });
      const { version: landed } = await commit(filesystem, changes);
      checkEqual((await filesystem.get(B))?.version, landed, 'the version of what landed');
    },
  ),
];
