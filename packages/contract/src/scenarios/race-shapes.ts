import { raceTree } from '../races/race-tree.ts';
import { runEveryRace } from '../races/run-every-race.ts';
import { always, claimed, type Scenario, type ScenarioBody } from '../scenario.ts';

const entryAgainstChild: ScenarioBody = async (context) => {
  const { racers, rounds } = context.effort.race;
  await raceTree(await context.instances(4), rounds, Math.min(racers, 8));
};

/** What holds of one race holds of all: over everything that a store may handle in another way. */
export const raceShapeScenarios: readonly Scenario[] = [
  always(
    'race.every-shape',
    'whatever is raced over, all that racers are told, deletes too, and all that is there has one order that explains it',
    async (context) => {
      const { race } = context.effort;
      await runEveryRace(await context.instances(race.instances), race, 'all');
    },
  ),
  claimed(
    'race.entry-against-child',
    'of an entry and entries below it that are put at once all are there, but on a tree the one or the others',
    ['prefixPaths'],
    { run: entryAgainstChild, unclaimed: entryAgainstChild },
  ),
];
