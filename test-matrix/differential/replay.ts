import type { Replay } from './compare-backends.ts';

/** Holds what a failure printed as JSON: `{"seed":1,"path":"2:3","replayPath":"AB:C"}`; the seed alone runs it all. */
const VARIABLE = 'HOLDFAST_REPLAY';

/**
 * What is to be run again, by the environment.
 *
 * @throws Error when it is not of that form
 */
export function replayFrom(environment: NodeJS.ProcessEnv = process.env): Replay | undefined {
  const text = environment[VARIABLE];
  if (text === undefined || text === '') return undefined;
  const replay = JSON.parse(text) as Partial<Replay> | null;
  if (!Number.isInteger(replay?.seed)) throw new Error(`${VARIABLE} must be JSON with a "seed"`);
  return replay as Replay;
}
