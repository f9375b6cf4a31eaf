import { isError } from '@holdfast/core/adapter';
import type { RootFilesystem } from '@holdfast/core';
import { ContractViolation } from '../support/check.ts';
import { inBatches } from '../support/batches.ts';
import type { RacerCall } from './duels.ts';
import { PathRace } from './path-race.ts';
import type { RaceShape } from './race-shape.ts';

/**
 * Races over one shape: all racers call at once, each on an instance of its own where there are enough, and look what is
 * there. What they saw has to have an order that explains it.
 *
 * @throws ContractViolation that says what was raced, and over which shape
 */
export async function runRace(
  instances: readonly RootFilesystem[],
  shape: RaceShape,
  duel: readonly RacerCall[],
  round: number,
): Promise<void> {
  const races = Array.from(
    { length: shape.paths },
    (_, index) =>
      new PathRace(instances, shape, `${shape.directory}/${shape.name}/${duel.join('+')}-${round}-${index}`),
  );
  try {
    await inBatches(races, (race) => race.prepare());
    const racers = Array.from({ length: shape.racers }, (_, racer) => racer);
    // First one racer for each path, then another: when the second one calls, as many are under way as there are paths.
    const calls = racers.flatMap((racer) =>
      races.map((race) => race.run(racer, duel[(racer + round) % duel.length] as RacerCall)),
    );
    await Promise.all(calls);
    await inBatches(races, (race) => race.finish());
  } catch (error) {
    const what = `in the race of ${duel.map((call) => `'${call}'`).join(' and ')} over ${shape.name}`;
    throw new ContractViolation(`${what}: ${isError(error) ? error.message : String(error)}`, { cause: error });
  }
}
