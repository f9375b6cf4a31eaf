import { getEventListeners } from 'node:events';
import {
  CasApply,
  casUpdate,
  getMany,
  HoldfastError,
  type OperationOptions,
  type RootFilesystem,
} from '@holdfast/core';
import { clock } from '@holdfast/core/adapter';
import { always, claimed, type Scenario, type ScenarioBody } from '../scenario.ts';
import { Gate, reached } from '../support/barrier.ts';
import { file } from '../support/bodies.ts';
import { check, checkEqual, checkRejects } from '../support/check.ts';
import { counterCodec } from '../support/counter.ts';
import { changesNothing } from '../support/states.ts';
import type { FaultOperation } from '../faults/fault-plan.ts';

const PATH = '/abort/entry';

/** Every operation that takes options, and the backend call it ends in. */
export const OPERATIONS: readonly {
  readonly name: string;
  readonly on: readonly FaultOperation[];
  readonly mutates: boolean;
  readonly call: (filesystem: RootFilesystem, options: OperationOptions) => Promise<unknown>;
}[] = [
  { name: 'get', on: ['get'], mutates: false, call: (filesystem, options) => filesystem.get(PATH, options) },
  {
    name: 'getMany',
    on: ['get', 'getMany'],
    mutates: false,
    call: (filesystem, options) => getMany(filesystem, [PATH], options),
  },
  {
    name: 'put',
    on: ['put'],
    mutates: true,
    call: (filesystem, options) => filesystem.put(PATH, file('new'), 'any', options),
  },
  {
    name: 'delete',
    on: ['delete'],
    mutates: true,
    call: (filesystem, options) => filesystem.delete(PATH, 'any', options),
  },
  { name: 'list', on: ['list'], mutates: false, call: (filesystem, options) => filesystem.list('/abort', options) },
  {
    name: 'entries',
    on: ['scan'],
    mutates: false,
    call: (filesystem, options) => filesystem.entries('/abort', options).next(),
  },
];

/** Where versions are missing, an abort still ends a read, which is all that is left of these scenarios. */
const abortsReads: ScenarioBody = async (context) => {
  const faults = context.faults();
  faults.add({ on: 'get', when: 'before', effect: faults.hang });
  const controller = new AbortController();
  const pending = checkRejects(
    () => context.filesystem.get(PATH, { signal: controller.signal }),
    { code: 'ABORTED' },
    'get',
  );
  controller.abort();
  await pending;
};

/** A caller that gives up gets an answer, and an honest one. */
export const abortScenarios: readonly Scenario[] = [
  always('abort.before', 'a call with a signal that has fired already does nothing at all', async (context) => {
    const faults = context.faults();
    await context.filesystem.put(PATH, file('old'), 'any');
    const signal = AbortSignal.abort(new Error('reason'));
    await changesNothing(context, async () => {
      const before = faults.calls.length;
      for (const { name, mutates, call } of OPERATIONS) {
        await checkRejects(
          () => call(context.filesystem, { signal }),
          { code: 'ABORTED', ...(mutates ? { outcome: 'not-applied' } : {}) },
          name,
        );
      }
      checkEqual(faults.calls.length, before, 'the number of backend calls');
    });
  }),
  always(
    'abort.during',
    'an abort ends a call that the backend never answers; for a write the outcome is unknown',
    async (context) => {
      const faults = context.faults();
      for (const { name, on, mutates, call } of OPERATIONS) {
        const hung = new Gate();
        for (const operation of on)
          faults.add({
            on: operation,
            when: 'before',
            effect: async () => {
              hung.open();
              await faults.hang();
            },
          });
        const controller = new AbortController();
        const pending = checkRejects(
          () => call(context.filesystem, { signal: controller.signal }),
          { code: 'ABORTED', ...(mutates ? { outcome: 'unknown' } : {}) },
          `${name}, aborted while it hangs`,
        );
        await reached(hung, pending);
        controller.abort();
        await pending;
        faults.clear();
      }
    },
  ),
  always(
    'abort.leaves-nothing-behind',
    'no call leaves a listener on its signal, whether it succeeds or fails',
    async (context) => {
      await context.filesystem.put('/abort/beside', file('x'), 'any');
      const { signal } = new AbortController();
      for (let round = 0; round < 20; round += 1) {
        for (const { call } of OPERATIONS) await call(context.filesystem, { signal });
        const refused = () => context.filesystem.put(PATH, file('x'), 'wrong' as 'any', { signal });
        await Promise.resolve()
          .then(refused)
          .catch(() => {});
        const faults = round === 0 ? context.faults() : undefined;
        faults?.add({
          on: 'get',
          nth: 1,
          when: 'before',
          effect: () => {
            throw new Error('broken');
          },
        });
        if (faults !== undefined) await context.filesystem.get(PATH, { signal }).catch(() => {});
      }
      checkEqual(getEventListeners(signal, 'abort').length, 0, 'the number of listeners left');
    },
  ),
  always(
    'abort.between-pages',
    'an iteration that goes on after an abort is refused, not cut short',
    async ({ filesystem }) => {
      for (const name of ['a', 'b', 'c']) await filesystem.put(`/abort/${name}`, file('x'), 'any');
      const controller = new AbortController();
      const iteration = filesystem.entries('/abort', { pageSize: 1, signal: controller.signal });
      await iteration.next();
      controller.abort();
      await checkRejects(() => iteration.next(), { code: 'ABORTED' }, 'the next page');
    },
  ),
  claimed(
    'abort.write-that-landed',
    'a write that landed although its caller aborted is answered as a success',
    ['versioned'],
    {
      async run(context) {
        const faults = context.faults();
        const landed = new Gate();
        faults.add({
          on: 'put',
          when: 'after',
          effect: async () => {
            landed.open();
            await faults.hang();
          },
        });
        const controller = new AbortController();
        const pending = context.filesystem.put(PATH, file('new'), 'any', { signal: controller.signal });
        await reached(landed, pending);
        controller.abort();
        const { version } = await pending;
        checkEqual((await context.filesystem.get(PATH))?.version, version, 'the version');
      },
      unclaimed: abortsReads,
    },
  ),
  claimed(
    'abort.cas-update',
    'an abort ends casUpdate while it reads, decides, writes or backs off',
    ['versioned', 'records'],
    {
      async run(context) {
        const { filesystem } = context;
        const faults = context.faults();
        const aborted = async (
          what: string,
          start: (controller: AbortController) => Promise<unknown>,
          outcome: 'not-applied' | 'unknown',
        ) => {
          const controller = new AbortController();
          await checkRejects(
            () => start(controller),
            { code: 'ABORTED', outcome },
            `casUpdate, aborted while it ${what}`,
          );
          faults.clear();
        };
        const update = (controller: AbortController, options = {}) =>
          casUpdate(filesystem, PATH, counterCodec, (current) => CasApply.write({ count: (current?.count ?? 0) + 1 }), {
            signal: controller.signal,
            ...options,
          });

        await aborted(
          'reads',
          (controller) => {
            faults.add({
              on: 'get',
              when: 'before',
              effect: () => {
                controller.abort();
                return faults.hang();
              },
            });
            return update(controller);
          },
          'not-applied',
        );
        await aborted(
          'decides',
          (controller) =>
            casUpdate(
              filesystem,
              PATH,
              counterCodec,
              () => {
                controller.abort();
                return new Promise<CasApply<{ count: number }, undefined>>(() => {});
              },
              { signal: controller.signal },
            ),
          'not-applied',
        );
        await aborted(
          'backs off',
          (controller) => {
            faults.add({
              on: 'put',
              when: 'before',
              effect: () => {
                clock.setTimeout(() => controller.abort(), 0);
                throw new HoldfastError('VERSION_MISMATCH', 'a conflict');
              },
            });
            return update(controller, { backoffMinMs: 60_000, backoffMaxMs: 60_000, random: () => 0.999 });
          },
          'not-applied',
        );
        await aborted(
          'writes',
          (controller) => {
            faults.add({
              on: 'put',
              when: 'before',
              effect: () => {
                controller.abort();
                return faults.hang();
              },
            });
            return update(controller);
          },
          'unknown',
        );
        check((await filesystem.get(PATH)) === undefined, 'nothing to be written');
      },
      unclaimed: abortsReads,
    },
  ),
];
