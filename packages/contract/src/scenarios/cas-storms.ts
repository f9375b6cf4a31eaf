import { CasApply, casUpdate, jsonCodec, type RootFilesystem } from '@holdfast/core';
import type { ScenarioContext } from '../running/scenario-context.ts';
import { claimed, type Scenario, type ScenarioId } from '../scenario.ts';
import { checkEqual } from '../support/check.ts';
import { countAt, increment, refusesCasUpdate } from '../support/counter.ts';

const accountsCodec = jsonCodec<{ readonly left: number; readonly right: number }>({ kind: 'accounts' });

function storm(id: ScenarioId, title: string, run: (context: ScenarioContext) => Promise<void>): Scenario {
  return claimed(id, title, ['versioned', 'records'], { run, unclaimed: refusesCasUpdate });
}

async function writers(
  { effort }: ScenarioContext,
  instances: readonly RootFilesystem[],
  write: (filesystem: RootFilesystem, writer: number) => Promise<unknown>,
): Promise<void> {
  await Promise.all(
    Array.from({ length: effort.storm.writers }, async (_, writer) => {
      for (let update = 0; update < effort.storm.updates; update += 1) {
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
      await writers(context, [context.filesystem], (filesystem) => increment(filesystem, '/storm/one'));
      const { writers: many, updates } = context.effort.storm;
      checkEqual(await countAt(context.filesystem, '/storm/one'), many * updates, 'the counter');
    },
  ),
  storm(
    'cas.storm-several-instances',
    'no update is lost and none fails with many writers of one key in several instances',
    async (context) => {
      await writers(context, await context.instances(4), (filesystem) => increment(filesystem, '/storm/several'));
      const { writers: many, updates } = context.effort.storm;
      checkEqual(await countAt(context.filesystem, '/storm/several'), many * updates, 'the counter');
    },
  ),
  storm(
    'cas.storm-of-moves',
    'a total that is only moved between two fields is never seen to change',
    async (context) => {
      const path = '/storm/total';
      await casUpdate(context.filesystem, path, accountsCodec, () => CasApply.write({ left: 1000, right: 0 }));
      await writers(context, [context.filesystem], (filesystem, writer) =>
        casUpdate(filesystem, path, accountsCodec, (current) => {
          const { left, right } = current ?? { left: 0, right: 0 };
          checkEqual(left + right, 1000, 'the total');
          const moved = writer % 2 === 0 ? 1 : -1;
          return CasApply.write({ left: left - moved, right: right + moved });
        }),
      );
    },
  ),
];
