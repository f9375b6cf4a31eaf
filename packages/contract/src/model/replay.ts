import { isError } from '@holdfast/core/adapter';

/** What a failure said, to run that failure again. */
export interface Replay {
  /** The scenario that failed; no other runs it. */
  readonly scenario?: string | undefined;
  readonly seed: number;
  readonly path?: string | undefined;
  readonly replayPath?: string | undefined;
}

/** Holds what a failure printed as JSON: `{"seed":1,"path":"2:3","replayPath":"AB:C"}`; the seed alone runs it all. */
const VARIABLE = 'HOLDFAST_REPLAY';

/**
 * What is to be run again, by the environment.
 *
 * @throws Error when it is not of that form
 */
export function replayFrom(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Replay | undefined {
  const text = environment[VARIABLE];
  if (text === undefined || text === '') return undefined;
  const replay = JSON.parse(text) as Partial<Replay> | null;
  if (!Number.isInteger(replay?.seed)) throw new Error(`${VARIABLE} must be JSON with a "seed"`);
  return replay as Replay;
}

/** What of a scenario is to be run again. */
export function replayOf(scenario: string): Replay | undefined {
  const replay = replayFrom();
  return replay?.scenario === scenario ? replay : undefined;
}

/** The line that says how to run a failure again. */
export function replayLine(replay: Replay): string {
  return `To run it again: HOLDFAST_REPLAY='${JSON.stringify(replay)}'`;
}

/** Adds that line to an error. */
export function saysHowToReplay(error: unknown, replay: Replay): unknown {
  if (isError(error)) error.message += `\n${replayLine(replay)}`;
  return error;
}
