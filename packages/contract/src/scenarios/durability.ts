import { unmetNeeds } from '../needs.ts';
import { claimed, type Scenario } from '../scenario.ts';
import { spawnChild } from '../processes/spawn-child.ts';
import type { ScenarioContext } from '../running/scenario-context.ts';
import { file, textOf } from '../support/bodies.ts';
import { check, checkEqual, checkRejects } from '../support/check.ts';

/** What was acknowledged is still there afterwards. */
export const durabilityScenarios: readonly Scenario[] = [
  claimed('durability.reopen', 'everything that was written is there after closing and opening again', ['durable'], {
    async run(context) {
      for (let index = 0; index < 50; index += 1)
        await context.filesystem.put(`/kept/${index % 7}/${index}`, file(`text ${index}`), 'any');
      await context.filesystem.delete('/kept/0/0', 'any');
      const before = await context.everything();
      const reopened = await context.reopen();
      let found = 0;
      for await (const { path, body } of reopened.entries('/')) {
        found += 1;
        checkEqual(textOf({ body }), `text ${path.slice(path.lastIndexOf('/') + 1)}`, `the body at ${path}`);
      }
      checkEqual(found, before.length, 'the number of entries after reopening');
      checkEqual(found, 49, 'the number of entries');
    },
    async unclaimed(context) {
      await context.filesystem.put('/kept/entry', file('x'), 'any');
      await context.filesystem.close();
      await checkRejects(() => context.filesystem.get('/kept/entry'), { code: 'CLOSED' }, 'get after close');
    },
  }),
  claimed(
    'durability.killed-process',
    'every write that a process acknowledged before it was killed is there, and none is half there',
    ['durable'],
    {
      async run(context) {
        const mayShare = unmetNeeds(['processes'], context.claims).length === 0;
        if (!mayShare) await context.closeAll();
        const acknowledged = await writeUntilKilled(context, 25);
        const filesystem = mayShare ? context.filesystem : await context.reopen();
        for (const path of acknowledged) {
          check(textOf(await filesystem.get(path)) === path.repeat(50), `the acknowledged write ${path}`);
        }
        for await (const { path, body } of filesystem.entries('/killed')) {
          check(textOf({ body }) === path.repeat(50), `a whole body at ${path}`);
        }
        await filesystem.put('/killed/after', file('x'), 'any');
      },
      async unclaimed(context) {
        checkEqual(context.claims.durability, 'none', 'the durability');
        await context.filesystem.put('/killed/after', file('x'), 'any');
        checkEqual(await context.text('/killed/after'), 'x', 'the body');
      },
    },
  ),
];

/** A process that writes until it is killed, after so many writes that it acknowledged; gives their paths. */
async function writeUntilKilled({ child: harness }: ScenarioContext, writes: number): Promise<string[]> {
  const child = spawnChild(harness, { task: 'write-until-killed', prefix: '/killed' });
  const acknowledged: string[] = [];
  try {
    await child.ready();
    child.begin();
    for await (const message of child.messages()) {
      acknowledged.push(message as string);
      if (acknowledged.length === writes) break;
    }
  } finally {
    await child.kill();
  }
  return acknowledged;
}
