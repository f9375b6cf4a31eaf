import { clock } from '@holdfast/core/adapter';
import type { CallMix } from '../history/call-mix.ts';
import { recordCalls } from '../history/record-calls.ts';
import { checkRegister } from '../history/check-register.ts';
import { compareBackends } from '../model/compare-backends.ts';
import { playBeside } from '../model/play-beside.ts';
import type { Shape } from '../model/operations/every-operation.ts';
import { replayOf, saysHowToReplay } from '../model/replay.ts';
import type { ScenarioContext } from '../running/scenario-context.ts';
import { always, claimed, type Scenario, type ScenarioBody, type ScenarioId } from '../scenario.ts';
import { file } from '../support/bodies.ts';
import { check, checkEqual } from '../support/check.ts';

/** What part of the time of a scenario is for finding something; the rest is for making it shorter, and for closing. */
const SHARE_FOR_SEARCHING = 0.25;

/** How many sequences there are at least where there is time, and how many have to have run where there is none. */
const LEAST_SEQUENCES = 2;
const LEAST_ON_SLOW_STORES = 1;

/** How many sequences run beside each other, each twice, and for how many of other sequences they run once more. */
const BESIDE = 4;
const SEQUENCES_FOR_ONE = 15;

/** Lengths of the bodies of calls at once, in bytes: the longer, the seldomer. */
const LENGTHS = [...Array<number>(6).fill(10), ...Array<number>(4).fill(5_000), 70_000, 70_000, 70_000, 300_000];

/** Random sequences of operations on new stores, each answer compared with what a plain model says. */
function sequences(id: ScenarioId, shape: Shape, share: number): ScenarioBody {
  return async ({ harness, effort }) => {
    const { sequences: most, operations } = effort.sequences;
    const count = Math.max(LEAST_SEQUENCES, Math.round(most * share));
    const timeLimitMs = effort.scenarioTimeoutMs * SHARE_FOR_SEARCHING;
    await compareBackends(
      [{ id: harness.name, harness }],
      { sequences: count, operations, timeLimitMs, leastSequences: LEAST_ON_SLOW_STORES },
      { replay: replayOf(id), seed: effort.seed, scenario: id, shape },
    );
  };
}

/** Random sequences at once on one store, each in a directory of its own. */
const beside: ScenarioBody = async (context) => {
  const { effort } = context;
  const { sequences: most, operations } = effort.sequences;
  const seed = replayOf('model.beside')?.seed ?? effort.seed;
  const until = clock.now() + effort.scenarioTimeoutMs * SHARE_FOR_SEARCHING;
  try {
    for (let time = 0; time < most / SEQUENCES_FOR_ONE && (time === 0 || clock.now() < until); time += 1) {
      await playBeside(context, { sequences: BESIDE, operations, seed: seed + time, name: String(time) });
    }
  } catch (error) {
    throw saysHowToReplay(error, { scenario: 'model.beside', seed });
  }
};

/** Random calls of several workers at once, and a check that there is one order that explains what they saw. */
function calls(id: ScenarioId, mix: Pick<CallMix, 'interrupted'>): ScenarioBody {
  return async (context) => {
    const { workers, calls: each } = context.effort.calls;
    const lengths = LENGTHS.filter((length) => length <= context.claims.maxBodyBytes);
    const seed = replayOf(id)?.seed ?? context.effort.seed;
    const instances = await context.instances(4);
    try {
      // Few keys meet often, many are seldom in the way of each other.
      for (const keys of [1, 3, 12]) {
        const paths = Array.from({ length: keys }, (_, key) => `/calls-${keys}/${key}`);
        const openAnother = context.claims.sharing === 'instance' ? undefined : () => context.another();
        const work = { ...mix, workers, calls: each, seed, paths, lengths, openAnother };
        const recorded = await recordCalls(instances, work);
        for (const [path, events] of recorded) checkRegister(events, path);
      }
    } catch (error) {
      throw saysHowToReplay(error, { scenario: id, seed });
    }
  };
}

/** Where other processes may not share the store, this one has it for itself. */
const keepsToItself: ScenarioBody = async ({ claims, filesystem }: ScenarioContext) => {
  check(claims.sharing === 'instance' || claims.sharing === 'process', 'a store that other processes do not share');
  await filesystem.put('/model/entry', file('x'), 'any');
  checkEqual((await filesystem.get('/model/entry'))?.body.length, 1, 'the length of the body');
};

/** What no scenario was written for: random operations against a plain model, and random calls at once. */
export const modelScenarios: readonly Scenario[] = [
  always(
    'model.sequence',
    'random operations one after the other, closing and opening among them, answer what a plain model says',
    sequences('model.sequence', { instances: 1, processes: false, many: false }, 1),
  ),
  always(
    'model.instances',
    'the same, each on one of several instances where the store may have them',
    sequences('model.instances', { instances: 3, processes: false, many: false }, 0.5),
  ),
  always(
    'model.many',
    'the same in directories of a thousand entries and more',
    sequences('model.many', { instances: 2, processes: false, many: true }, 0.05),
  ),
  always(
    'model.beside',
    'random operations in several directories at once, also of instances that are closed meanwhile, have nothing to do with each other',
    beside,
  ),
  claimed('model.processes', 'the same, half of it in another process', ['processes'], {
    run: sequences('model.processes', { instances: 2, processes: true, many: false }, 0.05),
    unclaimed: keepsToItself,
  }),
  always(
    'model.calls',
    'random calls of many workers at once have an order that explains what each of them saw',
    calls('model.calls', { interrupted: false }),
  ),
  always(
    'model.interrupted-calls',
    'the same while callers give up at any moment: what is said not to be applied never is',
    calls('model.interrupted-calls', { interrupted: true }),
  ),
];
