import {
  commit,
  isHoldfastError,
  type CasExpectation,
  type Change,
  type CommitResult,
  type DeleteExpectation,
  type OperationOptions,
  type RootFilesystem,
} from '@holdfast/core';
import type { Need } from '../needs.ts';
import { ChildFilesystem } from '../processes/child-filesystem.ts';
import { claimed, type Scenario, type ScenarioBody, type ScenarioId } from '../scenario.ts';
import { file } from './bodies.ts';
import { checkEqual, checkRejects } from './check.ts';
import { changesNothing, FOREIGN } from './states.ts';

/** A change that puts a text. */
export function puts(path: string, text: string, expectation: CasExpectation = 'any'): Change {
  return { put: path, entry: file(text), expectation };
}

/** A change that deletes. */
export function deletes(path: string, expectation: DeleteExpectation = 'any'): Change {
  return { delete: path, expectation };
}

/** A change that changes nothing. */
export function checks(path: string, expectation: Exclude<CasExpectation, 'any'>): Change {
  return { check: path, expectation };
}

/** Makes a commit on an instance, which another process may have. */
export function commitOn(
  filesystem: RootFilesystem,
  changes: readonly Change[],
  options?: OperationOptions,
): Promise<CommitResult> {
  return filesystem instanceof ChildFilesystem
    ? filesystem.commit(changes, options)
    : commit(filesystem, changes, options);
}

/**
 * Makes a commit that others may be faster than; gives what it answered, or `undefined` where it lost.
 *
 * @throws what is no way to lose
 */
export async function raced(
  filesystem: RootFilesystem,
  changes: readonly Change[],
): Promise<CommitResult | 'mismatch' | 'busy'> {
  try {
    return await commitOn(filesystem, changes);
  } catch (error) {
    if (!isHoldfastError(error, 'VERSION_MISMATCH') && !isHoldfastError(error, 'BUSY')) throw error;
    checkEqual(error.outcome, 'not-applied', "a loser's outcome");
    return error.code === 'BUSY' ? 'busy' : 'mismatch';
  }
}

const PATH = '/commit/refused';

/** The opposite of every scenario of commits: each is refused before anything is touched. */
const refusesCommits: ScenarioBody = async (context) => {
  const { filesystem } = context;
  await filesystem.put(PATH, file('x'), 'any');
  const faults = context.faults();
  await changesNothing(context, async () => {
    const before = faults.calls.length;
    const refused: readonly (readonly Change[])[] = [
      [puts(PATH, 'y')],
      [deletes(PATH)],
      [puts(`${PATH}-too`, 'y', 'absent'), puts(PATH, 'y', { version: FOREIGN })],
      [checks(`${PATH}-too`, 'absent')],
    ];
    for (const changes of refused) {
      const what = `a commit of ${JSON.stringify(changes.map((change) => Object.keys(change)[0]))}`;
      const error = await checkRejects(
        () => commit(filesystem, changes),
        { code: 'UNSUPPORTED', outcome: 'not-applied' },
        what,
      );
      checkEqual(error.capability, 'planes', 'the capability that is missing');
    }
    checkEqual(faults.calls.length, before, 'the number of backend calls');
  });
};

/** A scenario of commits. Where they are claimed and something else that it needs is not, `otherwise` is run. */
export function aboutCommits(
  id: ScenarioId,
  title: string,
  run: ScenarioBody,
  {
    needs = [],
    otherwise = refusesCommits,
  }: { readonly needs?: readonly Need[]; readonly otherwise?: ScenarioBody } = {},
): Scenario {
  return claimed(id, title, ['commits', ...needs], {
    run,
    unclaimed: (context) =>
      context.claims.planes.includes('atomic-commit') ? otherwise(context) : refusesCommits(context),
  });
}
