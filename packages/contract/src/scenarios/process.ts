import { CasApply, casUpdate } from '@holdfast/core';
import { claimed, type Scenario, type ScenarioBody } from '../scenario.ts';
import { ChildFilesystem } from '../processes/child-filesystem.ts';
import { runChildren } from '../processes/run-children.ts';
import { raceTree } from '../races/race-tree.ts';
import { runEveryRace } from '../races/run-every-race.ts';
import { check, checkEqual, checkRejects } from '../support/check.ts';
import { counterCodec } from '../support/counter.ts';

const PATH = '/process/counter';

/** Each takes as long to start as a hundred races; between two of them everything shows. */
const RACING_CHILDREN = 2;

/** A backend that takes no records refuses the update, whatever it says about processes. */
const refusesOrKeepsToItself: ScenarioBody = async (context) => {
  const { claims, filesystem } = context;
  const update = () => casUpdate(filesystem, PATH, counterCodec, () => CasApply.write({ count: 1 }));
  if (claims.cas !== 'versioned' || !claims.records) {
    await checkRejects(update, { code: 'CAS_UNSUPPORTED', outcome: 'not-applied' }, 'casUpdate');
    return;
  }
  check(claims.sharing === 'instance' || claims.sharing === 'process', 'a store that other processes do not share');
  checkEqual((await update()).written, true, 'written');
};

/** Separate processes on one store, where the backend says they may. */
export const processScenarios: readonly Scenario[] = [
  claimed(
    'process.cas-storm',
    'no update of one key is lost, and none fails, with writers in several processes',
    ['processes', 'versioned', 'records'],
    {
      async run(context) {
        const { processes, writers, updates } = context.effort.processes;
        const reports = await runChildren<{ applied: number }>(context.child, processes, () => ({
          task: 'cas-storm',
          path: PATH,
          writers,
          updates,
        }));
        checkEqual(
          reports.map(({ applied }) => applied),
          reports.map(() => writers * updates),
          'the updates of each process',
        );
        const { snapshot } = await casUpdate(context.filesystem, PATH, counterCodec, () => CasApply.noOp());
        checkEqual(snapshot?.count, processes * writers * updates, 'the counter');
      },
      unclaimed: refusesOrKeepsToItself,
    },
  ),
  claimed(
    'process.absent-race',
    "of puts with 'absent' from several processes exactly one lands, on each of many paths",
    ['processes', 'create'],
    {
      async run(context) {
        const { processes } = context.effort.processes;
        const paths = context.effort.race.rounds;
        const reports = await runChildren<{ won: string[] }>(context.child, processes, (name) => ({
          task: 'absent-race',
          name,
          paths,
          prefix: '/process/race',
        }));
        const winners = new Map<string, string>();
        for (const [index, { won }] of reports.entries()) {
          for (const path of won) {
            check(!winners.has(path), `one winner at ${path}`);
            winners.set(path, `process ${index}`);
          }
        }
        checkEqual(winners.size, paths, 'the number of winners');
        for (const [path, winner] of winners) checkEqual(await context.text(path), winner, `the body at ${path}`);
      },
      unclaimed: refusesOrKeepsToItself,
    },
  ),
  claimed(
    'process.every-race',
    'whatever is raced over, the same holds of racers in several processes as of those in one',
    ['processes'],
    {
      async run(context) {
        const { race } = context.effort;
        const children: ChildFilesystem[] = [];
        try {
          for (let child = 0; child < RACING_CHILDREN; child += 1)
            children.push(await ChildFilesystem.open(context.child));
          const instances = [context.filesystem, ...children];
          await runEveryRace(instances, race, 'small');
          await raceTree(instances, Math.ceil(race.rounds / 4), Math.min(race.racers, 8));
        } finally {
          await Promise.all(children.map((child) => child.close()));
        }
      },
      unclaimed: refusesOrKeepsToItself,
    },
  ),
];
