import type { RootFilesystem } from '@holdfast/core';
import { pause } from '@holdfast/core/adapter';
import { always, type Scenario } from '../scenario.ts';
import { inBatches } from '../support/batches.ts';
import { file } from '../support/bodies.ts';
import { checkEqual } from '../support/check.ts';
import { givenUpAt, MOMENTS, type Moment } from '../support/given-up-at.ts';

// Of what takes longer, and costs more.
const MOMENTS_OF_LARGE: readonly Moment[] = [
  { steps: 20 },
  { turns: 2 },
  ...[1, 3, 8].flatMap((ms) => [{ ms }, { timeoutMs: ms }]),
];

/** A body that takes a store many steps, in bytes. */
const LARGE = 300_000;

/** How long what was taken back has for being found out, in milliseconds. */
const LATER_MS = 50;

/** Callers that give up whenever they like, many at once. */
export const abortMomentScenarios: readonly Scenario[] = [
  always(
    'abort.every-moment',
    'what is given up at any moment, also while it waits for others, was not done where that is said, then and later',
    async (context) => {
      const { filesystem, claims } = context;
      const name = (index: number): string => String(index).padStart(2, '0');
      const names = MOMENTS.map((_, index) => name(index));
      await inBatches(names, (it) => filesystem.put(`/abort/deleted/${it}`, file('x'), 'any'));
      // All at once, so that in a queue some wait for a long time.
      const calls = MOMENTS.flatMap((moment, index) => {
        const [put, deleted] = [`/abort/put/${name(index)}`, `/abort/deleted/${name(index)}`];
        return [
          givenUpAt((options) => filesystem.put(put, file('x'), 'any', options), moment).then((told) => ({
            told,
            path: put,
            before: false,
          })),
          givenUpAt((options) => filesystem.delete(deleted, 'any', options), moment).then((told) => ({
            told,
            path: deleted,
            before: true,
          })),
        ];
      });
      const body = new Uint8Array(Math.min(LARGE, claims.maxBodyBytes - 1));
      const large = MOMENTS_OF_LARGE.map(async (moment, index) => {
        const path = `/abort/large/${name(index)}`;
        const told = await givenUpAt((options) => filesystem.put(path, { body }, 'any', options), moment);
        return { told, path, before: false };
      });
      const all = await Promise.all([...calls, ...large]);
      const look = (through: RootFilesystem): Promise<void> =>
        inBatches(all, async ({ told, path, before }) => {
          if (told === 'unknown') return;
          const there = (await through.get(path)) !== undefined;
          checkEqual(there, told === 'done' ? !before : before, `whether ${path} is there, of which was told ${told}`);
        });
      for (const waitMs of [0, LATER_MS]) {
        await pause(waitMs, undefined);
        await look(filesystem);
      }
      if (claims.durability !== 'none') await look(await context.reopen());
    },
  ),
];
