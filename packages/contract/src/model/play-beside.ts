import { scopedView, withPrefix, type RootFilesystem } from '@holdfast/core';
import fc from 'fast-check';
import type { ScenarioContext } from '../running/scenario-context.ts';
import { nextTurn } from '../support/barrier.ts';
import { ContractViolation } from '../support/check.ts';
import { Difference } from './compare-answers.ts';
import { Round } from './round.ts';
import { describeSteps, playSequence, sequences, type Sequence } from './sequence.ts';

/** What is done at the same time. */
export interface Beside {
  /** How many sequences there are. Two directories have each, the second a little behind. */
  readonly sequences: number;
  /** The most operations of one sequence. */
  readonly operations: number;
  readonly seed: number;
  /** Tells the directories from those of others. */
  readonly name: string;
}

/** Operations of one instance in this process, of which each directory has its own where the store may have several. */
const SHAPE = { instances: 1, processes: false, many: false };

/**
 * Plays random sequences at the same time, each in a directory of its own, which to its model is all there is: whatever
 * a store has in common for all that it keeps, nobody may notice. That two directories have the same sequence makes
 * bodies equal that come and go at about the same time.
 *
 * @throws ContractViolation with the first difference that was found and the sequence up to there
 */
export async function playBeside(
  context: ScenarioContext,
  { sequences: count, operations, seed, name }: Beside,
): Promise<void> {
  const played = fc.sample(sequences(SHAPE, operations), { seed, numRuns: count });
  const ends = await Promise.allSettled(
    played.flatMap((sequence, index) =>
      ['ahead', 'behind'].map((which, behind) =>
        playIn(context, `/beside/${name}/${index}/${which}`, sequence, behind * (1 + 2 * index)),
      ),
    ),
  );
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function playIn(context: ScenarioContext, directory: string, sequence: Sequence, lag: number): Promise<void> {
  const harness = {
    name: directory,
    createStore: async () => ({ open: () => openPart(context, directory), destroy: async () => {} }),
  };
  const round = await Round.open([{ id: `the part below ${directory}`, harness }]);
  for (let turn = 0; turn < lag; turn += 1) await nextTurn();
  try {
    await playSequence(round, sequence);
  } catch (error) {
    if (!(error instanceof Difference)) throw error;
    const steps = describeSteps(sequence, error.step);
    const what = 'The steps, while others did as much in directories of their own:';
    throw new ContractViolation([error.message, what, ...steps].join('\n'), { cause: error.cause });
  }
}

async function openPart(context: ScenarioContext, directory: string): Promise<RootFilesystem> {
  const filesystem = await context.another();
  if (context.claims.sharing !== 'instance') return withPrefix(filesystem, directory);
  // The only one there is, which the others need when this part is closed.
  return scopedView(filesystem, [{ at: '/', to: directory, permissions: ['read', 'write', 'delete', 'list'] }]);
}
