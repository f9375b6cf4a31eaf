import { always, claimed, type Scenario } from '../scenario.ts';
import { checkEqual, checkRejects } from '../support/check.ts';
import { textOf } from '../support/bodies.ts';
import { bringTo, changesNothing, entry, FOREIGN, type History, type PathState } from '../support/states.ts';
import { comparable } from '../running/scenario-context.ts';

const PATH = '/expectation/entry';
const STATES: readonly PathState[] = ['never-written', 'present', 'deleted', 'recreated'];

/** Which version a `{ version }` expectation names. */
type Token = 'current' | 'stale' | 'foreign';

function tokensOf(state: PathState): readonly Token[] {
  if (state === 'never-written') return ['foreign'];
  return state === 'deleted' ? ['stale', 'foreign'] : ['current', 'stale', 'foreign'];
}

function versionOf(token: Token, history: History): string {
  return (token === 'foreign' ? FOREIGN : history[token]) ?? 'missing';
}

const exists = (state: PathState): boolean => state === 'present' || state === 'recreated';

function putAbsent(state: PathState): Scenario {
  const holds = !exists(state);
  return claimed(
    `expectation.put-absent-on-${state}`,
    `put 'absent' ${holds ? 'writes' : 'is refused'} where the path is ${state}`,
    ['create'],
    {
      async run(context) {
        await bringTo(state, context, PATH);
        const put = () => context.filesystem.put(PATH, entry(context, 'new'), 'absent');
        if (holds) {
          await put();
          checkEqual(await context.text(PATH), 'new', 'the body');
        } else {
          const expected = { code: 'VERSION_MISMATCH', outcome: 'not-applied' } as const;
          await changesNothing(context, () => checkRejects(put, expected, "put 'absent'"));
        }
      },
      async unclaimed(context) {
        await bringTo(state, context, PATH);
        const put = () => context.filesystem.put(PATH, entry(context, 'new'), 'absent');
        const expected = { code: 'UNSUPPORTED', outcome: 'not-applied' } as const;
        await changesNothing(context, () => checkRejects(put, expected, "put 'absent'"));
      },
    },
  );
}

function putAny(state: PathState): Scenario {
  return always(`expectation.put-any-on-${state}`, `put 'any' writes where the path is ${state}`, async (context) => {
    const { current } = await bringTo(state, context, PATH);
    const { version } = await context.filesystem.put(PATH, entry(context, 'new'), 'any');
    const stored = await context.filesystem.get(PATH);
    checkEqual(textOf(stored), 'new', 'the body');
    checkEqual(stored?.version, version, 'the version');
    if (current !== undefined) checkEqual(version === current, false, 'whether the version stayed the same');
  });
}

function putVersion(state: PathState, token: Token): Scenario {
  const holds = token === 'current';
  return claimed(
    `expectation.put-${token}-version-on-${state}`,
    `put with a ${token} version ${holds ? 'writes' : 'is refused'} where the path is ${state}`,
    ['versioned'],
    {
      async run(context) {
        const version = versionOf(token, await bringTo(state, context, PATH));
        const put = () => context.filesystem.put(PATH, entry(context, 'new'), { version });
        if (holds) {
          const result = await put();
          const stored = await context.filesystem.get(PATH);
          checkEqual(textOf(stored), 'new', 'the body');
          checkEqual(stored?.version, result.version, 'the version');
        } else {
          const expected = { code: 'VERSION_MISMATCH', outcome: 'not-applied' } as const;
          await changesNothing(context, () => checkRejects(put, expected, `put with a ${token} version`));
        }
      },
      async unclaimed(context) {
        await bringTo(state, context, PATH);
        const put = () => context.filesystem.put(PATH, entry(context, 'new'), { version: FOREIGN });
        const expected = { code: 'UNSUPPORTED', outcome: 'not-applied' } as const;
        await changesNothing(context, () => checkRejects(put, expected, 'put with a version'));
      },
    },
  );
}

function deleteAny(state: PathState): Scenario {
  return always(
    `expectation.delete-any-on-${state}`,
    `delete 'any' succeeds where the path is ${state} and says whether there was an entry`,
    async (context) => {
      await bringTo(state, context, PATH);
      const { deleted } = await context.filesystem.delete(PATH, 'any');
      checkEqual(deleted, exists(state), 'deleted');
      checkEqual(comparable(await context.filesystem.get(PATH)), undefined, 'the entry');
    },
  );
}

function deleteVersion(state: PathState, token: Token): Scenario {
  const holds = token === 'current';
  return claimed(
    `expectation.delete-${token}-version-on-${state}`,
    `delete with a ${token} version ${holds ? 'deletes' : 'is refused'} where the path is ${state}`,
    ['conditionalDelete'],
    {
      async run(context) {
        const version = versionOf(token, await bringTo(state, context, PATH));
        const remove = () => context.filesystem.delete(PATH, { version });
        if (holds) {
          checkEqual((await remove()).deleted, true, 'deleted');
          checkEqual(comparable(await context.filesystem.get(PATH)), undefined, 'the entry');
        } else {
          const expected = { code: 'VERSION_MISMATCH', outcome: 'not-applied' } as const;
          await changesNothing(context, () => checkRejects(remove, expected, `delete with a ${token} version`));
        }
      },
      async unclaimed(context) {
        await bringTo(state, context, PATH);
        const remove = () => context.filesystem.delete(PATH, { version: FOREIGN });
        const expected = { code: 'UNSUPPORTED', outcome: 'not-applied' } as const;
        await changesNothing(context, () => checkRejects(remove, expected, 'delete with a version'));
      },
    },
  );
}

/** Both polarities of every expectation, in every state a path can be in. */
export const expectationScenarios: readonly Scenario[] = STATES.flatMap((state) => [
  putAbsent(state),
  putAny(state),
  ...tokensOf(state).map((token) => putVersion(state, token)),
  deleteAny(state),
  ...tokensOf(state).map((token) => deleteVersion(state, token)),
]);
