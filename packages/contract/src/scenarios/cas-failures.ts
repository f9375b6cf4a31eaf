import { CasApply, casUpdate, jsonCodec } from '@holdfast/core';
import type { ScenarioContext } from '../running/scenario-context.ts';
import { claimed, type Scenario, type ScenarioId } from '../scenario.ts';
import { record } from '../support/bodies.ts';
import { check, checkRejects } from '../support/check.ts';
import { counterCodec, increment, refusesCasUpdate, setCount, type Counter } from '../support/counter.ts';
import { changesNothing } from '../support/states.ts';

const PATH = '/cas/record';

function cas(id: ScenarioId, title: string, run: (context: ScenarioContext) => Promise<void>): Scenario {
  return claimed(id, title, ['versioned', 'records'], { run, unclaimed: refusesCasUpdate });
}

/** Updates that fail before anything is written: in `apply`, in the codec, in their arguments. */
export const casFailureScenarios: readonly Scenario[] = [
  cas(
    'cas.apply-throws',
    "apply's error reaches the caller as the same object and nothing is written",
    async (context) => {
      const failure = new Error('from apply');
      await setCount(context.filesystem, PATH, 1);
      await changesNothing(context, async () => {
        for (const apply of [
          () => {
            throw failure;
          },
          () => Promise.reject(failure),
        ]) {
          const thrown = await casUpdate(context.filesystem, PATH, counterCodec, apply as () => never).then(
            () => undefined,
            (error: unknown) => error,
          );
          check(thrown === failure, "apply's own error");
        }
      });
    },
  ),
  cas(
    'cas.codec-throws',
    "the codec's errors reach the caller as the same object and nothing is written",
    async (context) => {
      const failure = new Error('from the codec');
      const fails = (): never => {
        throw failure;
      };
      await setCount(context.filesystem, PATH, 1);
      await changesNothing(context, async () => {
        for (const codec of [
          { ...counterCodec, encode: fails },
          { ...counterCodec, decode: fails },
        ]) {
          const thrown = await casUpdate(context.filesystem, PATH, codec, () => CasApply.write({ count: 5 })).then(
            () => undefined,
            (error: unknown) => error,
          );
          check(thrown === failure, "the codec's own error");
        }
      });
    },
  ),
  cas('cas.other-kind', 'a record of another kind is not decoded, let alone overwritten', async (context) => {
    await context.filesystem.put(PATH, record('{"count":1}'), 'any');
    await changesNothing(context, () =>
      checkRejects(
        () =>
          casUpdate(context.filesystem, PATH, jsonCodec<Counter>({ kind: 'counter' }), () =>
            CasApply.write({ count: 2 }),
          ),
        { code: 'RECORD_INVALID' },
        'casUpdate',
      ),
    );
  }),
  cas(
    'cas.invalid-decision',
    'an apply that returns no decision, and malformed arguments, are refused and change nothing',
    async (context) => {
      const { filesystem } = context;
      await setCount(filesystem, PATH, 1);
      await changesNothing(context, async () => {
        for (const decision of [
          undefined,
          null,
          0,
          'write',
          {},
          { decision: 'write', next: { count: 2 }, outcome: 1 },
          { count: 2 },
        ]) {
          await checkRejects(
            () => casUpdate(filesystem, PATH, counterCodec, () => decision as unknown as CasApply<Counter, unknown>),
            { code: 'INVALID_ARGUMENT', outcome: 'not-applied' },
            'casUpdate',
          );
        }
        for (const options of [
          { maxAttempts: 0 },
          { maxAttempts: 1.5 },
          { timeoutMs: -1 },
          { timeoutMs: NaN },
          { backoffMinMs: -1 },
          { backoffMaxMs: NaN },
          { random: 0.5 },
          { retries: 3 },
          null,
        ] as object[]) {
          await checkRejects(
            () => increment(filesystem, PATH, options),
            { code: 'INVALID_ARGUMENT', outcome: 'not-applied' },
            `casUpdate with ${JSON.stringify(options)}`,
          );
        }
        await checkRejects(
          () => increment(filesystem, 'relative'),
          { code: 'INVALID_PATH', outcome: 'not-applied' },
          'casUpdate of a malformed path',
        );
      });
    },
  ),
];
