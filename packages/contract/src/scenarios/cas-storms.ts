import { CasApply, casUpdate, type RootFilesystem } from '@holdfast/core';
import { clock } from '@holdfast/core/adapter';
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

/** A quarter of the writers may be combined: that leaves conflicts between all others, and with them. */
const isCombined = (writer: number): boolean => writer % 4 === 3;

interface Storm {
  readonly many: number;
  readonly updates: number;
  readonly signal: AbortSignal;
  /** Told of each update that has succeeded. */
  readonly onUpdate?: () => void;
}

async function writers(
  { many, updates, signal, onUpdate }: Storm,
  instances: readonly RootFilesystem[],
  write: (filesystem: RootFilesystem, writer: number) => Promise<unknown>,
): Promise<void> {
  const waves = Array.from({ length: Math.ceil(updates / WAVE) }, () => new Barrier(many));
  await Promise.all(
    Array.from({ length: many }, async (_, writer) => {
      for (let update = 0; update < updates; update += 1) {
        if (update % WAVE === 0) await waves[update / WAVE]?.arrive();
        if (signal.aborted) return;
        await write(instances[writer % instances.length] as RootFilesystem, writer);
        onUpdate?.();
      }
    }),
  );
}

/** A storm on one counter, which if it runs out of time says how fast it was, and whether anything was lost so far. */
async function stormOn(
  path: string,
  context: ScenarioContext,
  instances: readonly RootFilesystem[],
  updates: number,
): Promise<void> {
  const { effort, signal } = context;
  const { writers: many } = effort.storm;
  await setCount(context.filesystem, path, 0);
  const start = clock.now();
  let applied = 0;
  context.tellWhenAbandoned(async () => {
    const [told, seconds] = [applied, (clock.now() - start) / 1000];
    const lost = told - ((await countAt(context.filesystem, path)) ?? 0);
    return (
      `${told} of ${many * updates} updates were made, ${(told / seconds).toFixed(1)} a second, and ` +
      (lost > 0
        ? `${lost} of them were lost`
        : 'none of them was lost: see `roundTripMs` where that is the speed of the backend')
    );
  });
  await writers({ many, updates, signal, onUpdate: () => (applied += 1) }, instances, (filesystem, writer) =>
    increment(filesystem, path, { combine: isCombined(writer) }),
  );
  checkEqual(await countAt(context.filesystem, path), many * updates, 'the counter');
}

/** Many writers, one key, default options: nothing lost, nobody gives up. */
export const casStormScenarios: readonly Scenario[] = [
  storm(
    'cas.storm-one-instance',
    'no update is lost and none fails with many writers of one key in one instance',
    async (context) => {
      await stormOn('/storm/one', context, [context.filesystem], context.effort.storm.updates);
    },
  ),
  storm(
    'cas.storm-several-instances',
    'no update is lost and none fails with many writers of one key in several instances',
    async (context) => {
      await stormOn('/storm/several', context, await context.instances(4), context.effort.storm.updatesInVariations);
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
      const move = writers({ many, updates, signal: context.signal }, [context.filesystem], (filesystem, writer) =>
        casUpdate(
          filesystem,
          path,
          accountsCodec,
          (current) => {
            const { left, right } = current ?? { left: 0, right: 0 };
            checkEqual(left + right, 1000, 'the total');
            const moved = writer % 2 === 0 ? 1 : -1;
            return CasApply.write({ left: left - moved, right: right + moved });
          },
          { combine: isCombined(writer) },
        ),
      ).finally(() => {
        moving = false;
      });
      await Promise.all([move, read()]);
    },
  ),
];
