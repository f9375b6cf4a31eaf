import { clock, isError } from '@holdfast/core/adapter';
import fc from 'fast-check';
import { currentRun } from '../running/current-run.ts';
import { ContractViolation } from '../support/check.ts';
import { MAX_SEED, newSeed, randomNumbers } from '../support/random.ts';
import { Difference } from './compare-answers.ts';
import type { ComparedBackend } from './compared-backend.ts';
import type { Shape } from './operations/every-operation.ts';
import { replayLine, type Replay } from './replay.ts';
import { Round } from './round.ts';
import { describeSteps, playSequence, sequences, type Sequence } from './sequence.ts';

/** How many random sequences a comparison runs, and how long they are. */
export interface ComparisonEffort {
  readonly sequences: number;
  /** The most operations of one sequence; their number is random. */
  readonly operations: number;
  /** After how many milliseconds it ends, also while it shrinks what it found. */
  readonly timeLimitMs: number;
  /**
   * How many of the sequences are enough on a store that is slow, and are run however long they take. Without it all of
   * them have to be done in time.
   */
  readonly leastSequences?: number;
}

/** What may be said of a comparison beside its effort. */
export interface ComparisonOptions {
  /** A failure to run again. */
  readonly replay?: Replay | undefined;
  /** Where random numbers begin; by default somewhere else each time. */
  readonly seed?: number;
  /** The scenario it belongs to, which a failure names. */
  readonly scenario?: string;
  /** What the sequences are made of. */
  readonly shape?: Shape;
}

const AT_A_TIME = 20;

/** What the sequences of a comparison are made of when nothing else is said. */
const ORDINARY: Shape = { instances: 3, processes: false, many: false };

/**
 * Runs random sequences of operations on all backends at once, each sequence on new stores, and compares what they
 * answer: with each other, and with a model of what each has to do by its capabilities.
 *
 * @throws ContractViolation with the shortest sequence found on which they differ, what each answered, the promise that
 * is broken, and how to run it again
 */
export async function compareBackends(
  backends: readonly ComparedBackend[],
  effort: ComparisonEffort,
  { replay, seed = newSeed(), scenario, shape = ORDINARY }: ComparisonOptions = {},
): Promise<void> {
  const search = new Search(effort);
  const property = fc.asyncProperty(sequences(shape, effort.operations, replay?.replayPath), async (sequence) => {
    if (search.isOver()) return;
    try {
      await playSequence(await Round.open(backends), sequence);
      search.played();
    } catch (error) {
      search.failed(error);
    }
  });
  const seeds = randomNumbers(seed);
  // A few at a time, since fast-check makes up all the sequences it is asked for, whether or not there is time for them.
  for (let first = 0; first < effort.sequences && !search.isOver(); first += AT_A_TIME) {
    const details: fc.RunDetails<[Sequence]> = await fc.check(property, {
      numRuns: Math.min(AT_A_TIME, effort.sequences - first),
      seed: replay?.seed ?? Math.floor(seeds() * MAX_SEED),
      ...(replay?.path === undefined ? {} : { path: replay.path }),
    });
    if (details.counterexample !== null) {
      const { errorInstance: found } = details;
      // What it says itself is in the description.
      const cause = found instanceof Difference ? found.cause : found;
      throw new ContractViolation(await describe(details, scenario), { cause });
    }
    if (replay !== undefined) return;
  }
  if (search.isWhole) return;
  throw new ContractViolation(
    `expected ${effort.sequences} random sequences within ${effort.timeLimitMs} ms; ` +
      `there was time for ${search.count}, in which nothing was wrong`,
  );
}

/** How far a comparison has come. Rounds are never broken off: what one has opened it closes. */
class Search {
  readonly #effort: ComparisonEffort;
  readonly #until: number;
  #differs = false;
  /** How many sequences were played to their end. */
  count = 0;

  constructor(effort: ComparisonEffort) {
    this.#effort = effort;
    this.#until = clock.now() + effort.timeLimitMs;
  }

  /** Whether nothing is looked for any more, nor made shorter. */
  isOver(): boolean {
    if (currentRun()?.signal.aborted === true) return true;
    return this.count >= this.#least && clock.now() >= this.#until;
  }

  /** Whether as many as there had to be were played. */
  get isWhole(): boolean {
    return this.count >= (this.#effort.leastSequences ?? this.#effort.sequences);
  }

  /** Made shorter, a difference stays one: what else may fail says less. @throws the error */
  failed(error: unknown): void {
    if (this.#differs && !(error instanceof Difference)) return;
    this.#differs = error instanceof Difference;
    throw error;
  }

  played(): void {
    this.count += 1;
  }

  get #least(): number {
    return this.#effort.leastSequences ?? 0;
  }
}

type Found = fc.RunDetails<[Sequence]>;

/** What was found and after which steps, with how to run it again; fast-check has the parts of that in several places. */
async function describe(details: Found, scenario: string | undefined): Promise<string> {
  const { counterexample, errorInstance: error, seed, counterexamplePath: path, numRuns, numShrinks } = details;
  const report = (await fc.asyncDefaultReportMessage(details)) ?? '';
  const replayPath = /replayPath="(?<replayPath>[^"]*)"/.exec(report)?.groups?.['replayPath'];
  const replay: Replay = { scenario, seed, path: path ?? undefined, replayPath };
  const { first = [], steps = [], afterwards = [] } = counterexample?.[0] ?? {};
  const shown = describeSteps({ first, steps, afterwards }, error instanceof Difference ? error.step : undefined);
  return [
    isError(error) ? error.message : String(error),
    'The steps, each on what the ones before have left:',
    ...shown,
    `Found in sequence ${numRuns}, made shorter ${numShrinks} times.`,
    replayLine(replay),
  ].join('\n');
}
