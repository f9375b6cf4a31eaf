import type { RootFilesystem } from '@holdfast/core';
import { changesOf, planFor, type ChangePlan } from '../durability/change.ts';
import { checkKept, checkWritable } from '../durability/check-kept.ts';
import { makeChanges } from '../durability/make-changes.ts';
import { unmetNeeds } from '../needs.ts';
import { spawnChild } from '../processes/spawn-child.ts';
import type { ScenarioContext } from '../running/scenario-context.ts';
import { claimed, type Scenario, type ScenarioBody } from '../scenario.ts';
import { inBatches } from '../support/batches.ts';
import { checkEqual } from '../support/check.ts';

/** How many paths a process that is killed writes to, so that it writes to each of them several times. */
const PATHS = 30;

/** How many times as many changes there are without a child process, in which they take no longer. */
const CHANGES_WITHOUT_A_KILL = 5;

const keepsWhileOpen: ScenarioBody = async (context) => {
  checkEqual(context.claims.durability, 'none', 'the durability');
  const changes = changesOf(planFor(context.claims, { seed: context.effort.seed, changes: 50, paths: 10 }));
  await makeChanges(context.filesystem, changes, () => {});
  await checkKept(context.filesystem, changes, changes.length);
};

/** What is there after a process was killed, or after much was written, whatever it was. */
export const durabilityCrashScenarios: readonly Scenario[] = [
  claimed(
    'durability.killed-idle',
    'of a process that is killed while it does nothing every overwrite, delete and large body is there',
    ['durable'],
    { run: (context) => checkKilled(context, 'idle'), unclaimed: keepsWhileOpen },
  ),
  claimed(
    'durability.killed-busy',
    'of a process that is killed while it writes all is as it was at one moment, and every key can be written again',
    ['durable'],
    { run: (context) => checkKilled(context, 'busy'), unclaimed: keepsWhileOpen },
  ),
  claimed(
    'durability.reopen-many',
    'after thousands of writes closing and opening again gives every entry back, with its metadata and each byte',
    ['durable'],
    {
      async run(context) {
        const { claims, effort } = context;
        const count = CHANGES_WITHOUT_A_KILL * effort.killedChanges;
        const changes = changesOf(planFor(claims, { seed: effort.seed, changes: count, paths: Math.ceil(count / 2) }));
        // Those of different paths at once, which ends the same.
        await inBatches([...Map.groupBy(changes, ({ path }) => path).values()], (ofOnePath) =>
          makeChanges(context.filesystem, ofOnePath, () => {}),
        );
        await checkKept(await context.reopen(), changes, changes.length);
      },
      unclaimed: keepsWhileOpen,
    },
  ),
];

/** Kills a process that changes everything, and looks at what is left. */
async function checkKilled(context: ScenarioContext, when: 'idle' | 'busy'): Promise<void> {
  const { claims, effort } = context;
  const mayShare = unmetNeeds(['processes'], claims).length === 0;
  if (!mayShare) await context.closeAll();
  const plan = planFor(claims, { seed: effort.seed, changes: effort.killedChanges, paths: PATHS });
  const changes = changesOf(plan);
  const enough = when === 'idle' ? changes.length : Math.floor(changes.length / 2);
  const made = await changeUntilKilled(context, plan, enough);
  const filesystem: RootFilesystem = mayShare ? context.filesystem : await context.reopen();
  await checkKept(filesystem, changes, made);
  // Whoever opens the store now finds the same.
  const reopened = await context.reopen();
  await checkWritable(reopened, changes, await checkKept(reopened, changes, made));
}

/** A process that makes changes until it is killed, after so many that it acknowledged; gives how many they were. */
async function changeUntilKilled(
  { child: harness }: ScenarioContext,
  plan: ChangePlan,
  enough: number,
): Promise<number> {
  const child = spawnChild(harness, { task: 'change-until-killed', plan });
  try {
    await child.ready();
    child.begin();
    for await (const made of child.messages()) {
      if ((made as number) >= enough) return made as number;
    }
    return 0;
  } finally {
    await child.kill();
  }
}
