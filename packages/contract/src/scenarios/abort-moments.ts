import { isHoldfastError, type OperationOptions, type Outcome, type RootFilesystem } from '@holdfast/core';
import { pause } from '@holdfast/core/adapter';
import { always, type Scenario } from '../scenario.ts';
import { nextTurn } from '../support/barrier.ts';
import { inBatches } from '../support/batches.ts';
import { file } from '../support/bodies.ts';
import { check, checkEqual } from '../support/check.ts';

interface Moment {
  readonly steps?: number;
  readonly turns?: number;
  readonly ms?: number;
  /** A deadline instead, in milliseconds. */
  readonly timeoutMs?: number;
}

/** How many promises' steps, turns of the event loop and milliseconds after a call its caller gives up. */
const MOMENTS: readonly Moment[] = [
  ...Array.from({ length: 40 }, (_, steps) => ({ steps })),
  ...[1, 2, 3, 4].map((turns) => ({ turns })),
  ...[1, 2, 3, 5, 8].map((ms) => ({ ms })),
];

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

/** Makes a call whose caller gives up at a moment; tells whether it was done, or what its error says. */
async function givenUp(
  call: (options: OperationOptions) => Promise<unknown>,
  { steps = 0, turns = 0, ms = 0, timeoutMs }: Moment,
): Promise<Outcome | 'done'> {
  const controller = new AbortController();
  const outcome = call(timeoutMs === undefined ? { signal: controller.signal } : { timeoutMs }).then(
    () => 'done' as const,
    (error: unknown) => {
      check(isHoldfastError(error) && error.outcome !== undefined, 'a typed error with an outcome');
      return error.outcome;
    },
  );
  for (let step = 0; step < steps; step += 1) await Promise.resolve();
  for (let turn = 0; turn < turns; turn += 1) await nextTurn();
  if (ms > 0) await pause(ms, undefined);
  controller.abort();
  return outcome;
}

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
          givenUp((options) => filesystem.put(put, file('x'), 'any', options), moment).then((told) => ({
            told,
            path: put,
            before: false,
          })),
          givenUp((options) => filesystem.delete(deleted, 'any', options), moment).then((told) => ({
            told,
            path: deleted,
            before: true,
          })),
        ];
      });
      const body = new Uint8Array(Math.min(LARGE, claims.maxBodyBytes - 1));
      const large = MOMENTS_OF_LARGE.map(async (moment, index) => {
        const path = `/abort/large/${name(index)}`;
        const told = await givenUp((options) => filesystem.put(path, { body }, 'any', options), moment);
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
