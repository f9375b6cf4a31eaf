import {
  CasApply,
  casUpdate,
  type CasResult,
  type CasUpdateOptions,
  type RecordCodec,
  type RootFilesystem,
  type Version,
} from '@holdfast/core';
import type { ScenarioContext } from '../running/scenario-context.ts';
import type { ScenarioBody } from '../scenario.ts';
import { bodyCodec } from './bodies.ts';
import { checkEqual, checkRejects } from './check.ts';
import { changesNothing } from './states.ts';

/** The record of the `casUpdate` scenarios. */
export interface Counter {
  count: number;
}

/** Its codec. It depends on nothing but the body, so that what it is used for fails for its own reasons only. */
export const counterCodec: RecordCodec<Counter> = bodyCodec<Counter>('counter');

/** Adds one to a counter, which begins at 0. */
export function increment(
  filesystem: RootFilesystem,
  path: string,
  options?: CasUpdateOptions<Counter>,
): Promise<CasResult<Counter, undefined>> {
  return casUpdate(
    filesystem,
    path,
    counterCodec,
    (current) => CasApply.write({ count: (current?.count ?? 0) + 1 }),
    options,
  );
}

/** Puts a counter there, whatever was there before, so that what follows does not begin with a creation. */
export async function setCount(filesystem: RootFilesystem, path: string, count: number): Promise<Version | undefined> {
  return (await filesystem.put(path, await counterCodec.encode({ count }), 'any')).version;
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
    await checkRejects(update, { code: 'CAS_UNSUPPORTED', outcome: 'not-applied' }, 'casUpdate');
    checkEqual(faults.calls.length, before, 'the number of backend calls');
  });
  checkEqual(applied, 0, 'the number of times apply ran');
};

/** The opposite of what needs `casUpdate` to delete: refused, and the record stays. */
export const refusesCasDelete: ScenarioBody = async (context: ScenarioContext) => {
  const { claims, filesystem } = context;
  if (claims.cas !== 'versioned' || !claims.records) return refusesCasUpdate(context);
  await setCount(filesystem, '/cas/refused', 1);
  await changesNothing(context, () =>
    checkRejects(
      () => casUpdate(filesystem, '/cas/refused', counterCodec, () => CasApply.delete()),
      { code: 'CAS_UNSUPPORTED', outcome: 'not-applied' },
      'casUpdate that deletes',
    ),
  );
};
