import { CasApply, casUpdate, type RootFilesystem } from '@holdfast/core';
import type { ScenarioContext } from '../running/scenario-context.ts';
import { claimed, type Scenario, type ScenarioId } from '../scenario.ts';
import { Barrier, nextTurn } from '../support/barrier.ts';
import { bodyCodec } from '../support/bodies.ts';
import { check, checkEqual } from '../support/check.ts';
import { countAt, increment, refusesCasUpdate, setCount } from '../support/counter.ts';

const accountsCodec = bodyCodec<{ readonly left: number; readonly right: number }>('accounts');

function storm(id: ScenarioId, title: string, run: (context: ScenarioContext) => Promise<void>): Scenario {
  return claimed(id, title, ['versioned', 'records'], { run, unclaimed: refusesCasUpdate });
}

// Every so many updates all writers begin at once. In between nothing holds them up: on a backend that answers
// within microseconds they would hardly ever meet otherwise, and on a slow one they meet all the time.
const WAVE = 5;

async function writers(
  { many, updates }: { readonly many: number; readonly updates: number },
  instances: readonly RootFilesystem[],
  write: (filesystem: RootFilesystem, writer: number) => Promise<unknown>,
): Promise<void> {
  const waves = Array.from({ length: Math.ceil(updates / WAVE) }, () => new Barrier(many));
  await Promise.all(
    Array.from({ length: many }, async (_, writer) => {
      for (let update = 0; update < updates; update += 1) {
        if (update % WAVE === 0) await waves[update / WAVE]?.arrive();
        await write(instances[writer % instances.length] as RootFilesystem, writer);
      }
    }),
  );
}

/** Many writers, one key, default options: nothing lost, nobody gives up. */
export const casStormScenarios: readonly Scenario[] = [
  storm(
    'cas.storm-one-instance',
    'no update is lost and none fails with many writers of one key in one instance',
    async (context) => {
      await setCount(context.filesystem, '/storm/one', 0);
      const { writers: many, updates } = context.effort.storm;
      await writers({ many, updates }, [context.filesystem], (filesystem) => increment(filesystem, '/storm/one'));
      checkEqual(await countAt(context.filesystem, '/storm/one'), many * updates, 'the counter');
    },
  ),
  storm(
    'cas.storm-several-instances',
    'no update is lost and none fails with many writers of one key in several instances',
    async (context) => {
      await setCount(context.filesystem, '/storm/several', 0);
      const { writers: many, updatesInVariations: updates } = context.effort.storm;
      const instances = await context.instances(4);
      await writers({ many, updates }, instances, (filesystem) => increment(filesystem, '/storm/several'));
      checkEqual(await countAt(context.filesystem, '/storm/several'), many * updates, 'the counter');
    },
  ),
  storm(
    'cas.storm-of-moves',
    'a total that is only moved between two fields is never seen to change',
    async (context) => {
      const path = '/storm/total';
      await context.filesystem.put(path, await accountsCodec.encode({ left: 1000, right: 0 }), 'any');
      const reader = await context.another();
      let moving = true;
      const read = async (): Promise<void> => {
        while (moving) {
          const stored = await reader.get(path);
          check(stored !== undefined, 'a record');
          const { left, right } = await accountsCodec.decode(stored);
          checkEqual(left + right, 1000, 'the total');
          await nextTurn();
        }
      };
      const { writers: many, updatesInVariations: updates } = context.effort.storm;
      const move = writers({ many, updates }, [context.filesystem], (filesystem, writer) =>
        casUpdate(filesystem, path, accountsCodec, (current) => {
          const { left, right } = current ?? { left: 0, right: 0 };
          checkEqual(left + right, 1000, 'the total');
          const moved = writer % 2 === 0 ? 1 : -1;
          return CasApply.write({ left: left - moved, right: right + moved });
        }),
      ).finally(() => {
        moving = false;
      });
      await Promise.all([move, read()]);
    },
  ),
];
