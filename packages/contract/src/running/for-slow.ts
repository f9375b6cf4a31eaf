import { EFFORT, type EffortNumbers } from './effort.ts';

/**
 * How many updates of one key a second are counted on, of calls that take a millisecond: an update takes two, and of
 * those who try at once one is let through. Memory behind a delay of 5 to 100 ms, on a busy machine, made 315 to 441.
 */
const UPDATES_A_SECOND = 200;

/** How long a storm may take on a slow backend, in seconds. */
const STORM_S = 30;

/** How long an update may have to wait for the others in a storm, in seconds: its deadline, of 15, leaves room for bad luck. */
const WAIT_S = 2;

/** Fewer writers, or fewer updates of each, would not be a storm. */
const LEAST = { writers: 4, updates: 5 };

/** Operations of a random sequence, each some calls; fewer than the least would not lead to much. */
const OPERATIONS = { most: 500, least: 10 };

/**
 * The same effort on a backend whose calls take so long, in milliseconds: what all wait for one another for, the storms
 * of updates of one key, has fewer writers, each of whom makes fewer updates. They still begin together and meet in every
 * update, so that what is shown is the same. Random sequences are shorter, so that there is time for as many as there have
 * to be, and a scenario has as long as at full effort. Everything else is as it was.
 */
export function forSlow(numbers: EffortNumbers, roundTripMs: number): EffortNumbers {
  const { storm, processes, sequences } = numbers;
  const perSecond = UPDATES_A_SECOND / roundTripMs;
  const writers = clamp(Math.floor(perSecond * WAIT_S), LEAST.writers, storm.writers);
  const updatesOf = (writing: number, most: number): number =>
    Math.min(most, Math.max(LEAST.updates, Math.floor((perSecond * STORM_S) / writing)));
  const inEach = clamp(Math.floor(writers / processes.processes), 1, processes.writers);
  return {
    ...numbers,
    storm: {
      writers,
      updates: updatesOf(writers, storm.updates),
      updatesInVariations: updatesOf(writers, storm.updatesInVariations),
    },
    scenarioTimeoutMs: Math.max(numbers.scenarioTimeoutMs, EFFORT.full.scenarioTimeoutMs),
    sequences: {
      ...sequences,
      operations: clamp(Math.floor(OPERATIONS.most / roundTripMs), OPERATIONS.least, sequences.operations),
    },
    processes: {
      processes: processes.processes,
      writers: inEach,
      updates: updatesOf(inEach * processes.processes, processes.updates),
    },
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
