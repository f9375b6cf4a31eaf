import { claimed, type Scenario } from '../scenario.ts';
import { spawnChild } from '../processes/spawn-child.ts';
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
    ['durable', 'processes'],
    {
      async run(context) {
        const child = await spawnChild(context.child, { task: 'write-until-killed', prefix: '/killed' });
        const acknowledged: string[] = [];
        try {
          for await (const message of child.messages()) {
            acknowledged.push(message as string);
            if (acknowledged.length === 25) break;
          }
        } finally {
          await child.kill();
        }
        for (const path of acknowledged) {
          check(textOf(await context.filesystem.get(path)) === path.repeat(50), `the acknowledged write ${path}`);
        }
        for await (const { path, body } of context.filesystem.entries('/killed')) {
          check(textOf({ body }) === path.repeat(50), `a whole body at ${path}`);
        }
        await context.filesystem.put('/killed/after', file('x'), 'any');
      },
      async unclaimed(context) {
        const { durability, sharing } = context.claims;
        check(
          durability === 'none' || sharing === 'instance' || sharing === 'process',
          'a store that other processes do not share',
        );
        await context.filesystem.put('/killed/after', file('x'), 'any');
        checkEqual(await context.text('/killed/after'), 'x', 'the body');
      },
    },
  ),
];
