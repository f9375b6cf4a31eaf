import fc from 'fast-check';
import type { Operation } from './operation.ts';
import { openOperations, operationsOf, type Shape } from './operations/every-operation.ts';
import { FILLED, firstFillings } from './operations/fill.ts';
import type { Round } from './round.ts';
import { Step } from './step.ts';
import { among, places } from './values/paths.ts';

/** The operations of one round. */
export interface Sequence {
  readonly first: readonly Operation[];
  readonly steps: Iterable<fc.AsyncCommand<object, Round>>;
  /** On what has been closed. */
  readonly afterwards: readonly Operation[];
}

/** Random sequences of at most so many operations; `replayPath` is what fast-check said of one that failed. */
export function sequences(shape: Shape, operations: number, replayPath?: string): fc.Arbitrary<Sequence> {
  return places.chain((chosen) => {
    const where = among(chosen, shape.many ? FILLED : []);
    const steps = fc.commands([operationsOf(shape, where).map((operation) => new Step(operation))], {
      maxCommands: operations,
      size: 'max',
      ...(replayPath === undefined ? {} : { replayPath }),
    });
    return fc.record({
      first: shape.many ? fc.array(firstFillings, { minLength: 1, maxLength: 1 }) : fc.constant([]),
      steps,
      afterwards: fc.array(openOperations(where), { maxLength: 3 }),
    });
  });
}

/**
 * Plays a sequence to its end and closes the round.
 *
 * @throws Difference at the first answer that is wrong
 */
export async function playSequence(round: Round, { first, steps, afterwards }: Sequence): Promise<void> {
  try {
    for (const operation of first) await round.settle(operation);
    await fc.asyncModelRun(() => ({ model: {}, real: round }), steps);
    await round.finish(afterwards);
  } catch (difference) {
    // What is wrong with a backend may also keep it from closing; the difference says more.
    await round.destroy().catch(() => {});
    throw difference;
  }
  await round.destroy();
}

/** The operations of a sequence, for people: those up to the step that failed where there is one. */
export function describeSteps({ first, steps, afterwards }: Sequence, last: number = Infinity): string[] {
  const all = [...first, ...steps, ...afterwards].slice(0, last);
  return all.map((step, index) => `  ${index + 1}. ${String(step)}`);
}
