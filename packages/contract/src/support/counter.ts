import {
  CasApply,
  casUpdate,
  jsonCodec,
  type CasOptions,
  type CasResult,
  type RecordCodec,
  type RootFilesystem,
} from '@holdfast/core';
import type { ScenarioContext } from '../running/scenario-context.ts';
import type { ScenarioBody } from '../scenario.ts';
import { checkEqual, checkRejects } from './check.ts';
import { changesNothing } from './states.ts';

/** The record of the `casUpdate` scenarios. */
export interface Counter {
  count: number;
}

/** Its codec. */
export const counterCodec: RecordCodec<Counter> = jsonCodec<Counter>({ kind: 'counter' });

/** Adds one to a counter, which begins at 0. */
export function increment(
  filesystem: RootFilesystem,
  path: string,
  options?: CasOptions,
): Promise<CasResult<Counter, undefined>> {
  return casUpdate(
    filesystem,
    path,
    counterCodec,
    (current) => CasApply.write({ count: (current?.count ?? 0) + 1 }),
    options,
  );
}

/** The counter there, or `undefined`. */
export async function countAt(filesystem: RootFilesystem, path: string): Promise<number | undefined> {
  const { snapshot } = await casUpdate(filesystem, path, counterCodec, () => CasApply.noOp());
  return snapshot?.count;
}

/** The opposite of every `casUpdate` scenario: refused before anything is read, and `apply` never runs. */
export const refusesCasUpdate: ScenarioBody = async (context: ScenarioContext) => {
  const faults = context.faults();
  let applied = 0;
  await changesNothing(context, async () => {
    const before = faults.calls.length;
    const update = () =>
      casUpdate(context.filesystem, '/cas/refused', counterCodec, () => {
        applied += 1;
        return CasApply.forceWrite({ count: 1 });
      });
    await checkRejects(update, { code: 'CAS_UNSUPPORTED', outcome: 'not-applied', path: '/cas/refused' }, 'casUpdate');
    checkEqual(faults.calls.length, before, 'the number of backend calls');
  });
  checkEqual(applied, 0, 'the number of times apply ran');
};

/** The opposite of what needs `casUpdate` to delete: refused, and the record stays. */
export const refusesCasDelete: ScenarioBody = async (context: ScenarioContext) => {
  const { claims, filesystem } = context;
  if (claims.cas !== 'versioned' || !claims.records) return refusesCasUpdate(context);
  await increment(filesystem, '/cas/refused');
  await changesNothing(context, () =>
    checkRejects(
      () => casUpdate(filesystem, '/cas/refused', counterCodec, () => CasApply.delete()),
      { code: 'CAS_UNSUPPORTED', outcome: 'not-applied', path: '/cas/refused' },
      'casUpdate that deletes',
    ),
  );
};
