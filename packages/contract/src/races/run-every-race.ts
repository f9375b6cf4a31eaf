import type { RootFilesystem } from '@holdfast/core';
import type { EffortNumbers } from '../running/effort.ts';
import { duelsFor } from './duels.ts';
import { shapesFor } from './race-shape.ts';
import { runRace } from './run-race.ts';

/** How many of the rounds of other races there are for one of each shape and each duel. */
const ROUNDS_FOR_ONE = 16;

/** Races what a backend claims against everything else that it claims, over every shape; `small` leaves out the crowds. */
export async function runEveryRace(
  instances: readonly RootFilesystem[],
  effort: EffortNumbers['race'],
  which: 'all' | 'small',
): Promise<void> {
  const [first] = instances as [RootFilesystem];
  const claims = first.capabilitiesAt('/shape');
  const duels = duelsFor(claims);
  for (let round = 0; round < Math.ceil(effort.rounds / ROUNDS_FOR_ONE); round += 1) {
    for (const shape of shapesFor(claims, effort, which)) {
      for (const duel of duels) {
        const isLeftOut = shape.only !== undefined && !(duel.length === 1 && shape.only.includes(duel[0] as never));
        if (!isLeftOut) await runRace(instances.slice(0, shape.instances), shape, duel, round);
      }
    }
  }
}
