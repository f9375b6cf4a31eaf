import { commit } from '@holdfast/core';
import { checkCommits, commitOf, type CommitsPlan } from '../durability/commits-plan.ts';
import { unmetNeeds } from '../needs.ts';
import { spawnChild } from '../processes/spawn-child.ts';
import type { ScenarioContext } from '../running/scenario-context.ts';
import type { Scenario, ScenarioBody } from '../scenario.ts';
import { checkEqual } from '../support/check.ts';
import { aboutCommits } from '../support/commits.ts';
import { randomNumbers } from '../support/random.ts';
import { untilNotBusy } from '../support/until-not-busy.ts';

/** How many entries each commit writes of a process that is killed, how long each is in bytes, and how many come first. */
const ENTRIES = 8;
const BODY_BYTES = 2000;
const COMMITS = 5;

const keepsWhileOpen: ScenarioBody = async (context) => {
  checkEqual(context.claims.durability, 'none', 'the durability');
  const plan = { directory: '/killed', entries: ENTRIES, bodyBytes: 1, after: 1, within: 0 };
  await commit(context.filesystem, commitOf(plan, 1));
  await checkCommits(context.filesystem, plan, 1);
};

/** What is left of commits whose process was killed. */
export const commitCrashScenarios: readonly Scenario[] = [
  aboutCommits(
    'commit.killed-process',
    'of a process that is killed in the midst of a commit all of it is there or nothing, and all that was acknowledged',
    async (context) => {
      const { claims, effort } = context;
      const random = randomNumbers(effort.seed);
      const mayShare = unmetNeeds(['processes'], claims).length === 0;
      let { filesystem } = context;
      for (let kill = 0; kill < effort.kills; kill += 1) {
        const plan: CommitsPlan = {
          directory: `/killed/${kill}`,
          entries: ENTRIES,
          bodyBytes: Math.min(BODY_BYTES, Math.floor(claims.maxCommitBytes / (2 * ENTRIES))),
          after: COMMITS,
          within: (kill + random()) / effort.kills,
        };
        if (!mayShare) await context.closeAll();
        const acknowledged = await commitUntilKilled(context, plan);
        if (!mayShare) filesystem = await context.reopen();
        await checkCommits(filesystem, plan, acknowledged);
        filesystem = await context.reopen();
        // Nobody holds what it held.
        const next = (await checkCommits(filesystem, plan, acknowledged)) + 1;
        await untilNotBusy(() => commit(filesystem, commitOf(plan, next)));
        await checkCommits(filesystem, plan, next);
      }
    },
    { needs: ['durable'], otherwise: keepsWhileOpen },
  ),
];

/** A process that makes commits until it kills itself; gives how many of them it acknowledged at least. */
async function commitUntilKilled({ child: harness }: ScenarioContext, plan: CommitsPlan): Promise<number> {
  const child = spawnChild(harness, { task: 'commit-until-killed', plan });
  let acknowledged = 0;
  try {
    await child.ready();
    child.begin();
    for await (const number of child.messages()) {
      acknowledged = number as number;
      if (acknowledged >= plan.after) break;
    }
  } finally {
    await child.ended();
  }
  return acknowledged;
}
