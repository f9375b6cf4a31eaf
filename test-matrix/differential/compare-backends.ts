import fc from 'fast-check';
import type { ComparedBackend } from './compared-backend.ts';
import type { Operation } from './operation.ts';
import { everyOperation, openOperations } from './operations/every-operation.ts';
import { Round } from './round.ts';
import { Step } from './step.ts';

/** How many random sequences a comparison runs, and how long they are. */
export interface Effort {
  readonly sequences: number;
  /** The most operations of one sequence; their number is random. */
  readonly operations: number;
  /** After how many milliseconds it ends, also while it shrinks what it found. It fails then. */
  readonly timeLimitMs: number;
}

/** What fast-check printed about a failure, to run that failure again. */
export interface Replay {
  readonly seed: number;
  readonly path?: string | undefined;
  readonly replayPath?: string | undefined;
}

/**
 * Runs random sequences of operations on all backends at once, each sequence on new stores, and compares what they
 * answer: with each other, and with a model of what each has to do by its capabilities.
 *
 * @throws Error with the shortest sequence found on which they differ, what each answered, and how to run it again
 */
export async function compareBackends(
  backends: readonly ComparedBackend[],
  effort: Effort,
  replay?: Replay,
): Promise<void> {
  const property = fc.asyncProperty(
    fc.commands([everyOperation.map((operation) => new Step(operation))], {
      maxCommands: effort.operations,
      size: 'max',
      ...(replay?.replayPath === undefined ? {} : { replayPath: replay.replayPath }),
    }),
    fc.array(openOperations, { maxLength: 3 }),
    (steps, afterwards) => playRound(backends, steps, afterwards),
  );
  const details = await fc.check(property, {
    numRuns: effort.sequences,
    includeErrorInReport: true,
    plugins: [fc.interruptAfterTimeLimit(effort.timeLimitMs, { failOnInterrupt: true })],
    ...(replay === undefined ? {} : { seed: replay.seed }),
    ...(replay?.path === undefined ? {} : { path: replay.path }),
  });
  if (details.failed) throw new Error(withReplay(await fc.asyncDefaultReportMessage(details), details));
}

/** The report with how to run its failure again; fast-check prints the parts of that in several places. */
function withReplay(report: string, { seed, counterexamplePath }: fc.RunDetails<unknown>): string {
  if (counterexamplePath === null) return report;
  const replayPath = /replayPath="(?<replayPath>[^"]*)"/.exec(report)?.groups?.['replayPath'];
  const replay: Replay = { seed, path: counterexamplePath, replayPath };
  return `${report}\n\nTo run it again: HOLDFAST_REPLAY='${JSON.stringify(replay)}'`;
}

async function playRound(
  backends: readonly ComparedBackend[],
  steps: Iterable<fc.AsyncCommand<object, Round>>,
  afterwards: readonly Operation[],
): Promise<void> {
  const round = await Round.open(backends);
  try {
    await fc.asyncModelRun(() => ({ model: {}, real: round }), steps);
    await round.finish(afterwards);
  } catch (difference) {
    // What is wrong with a backend may also keep it from closing; the difference says more.
    await round.destroy().catch(() => {});
    throw difference;
  }
  await round.destroy();
}
