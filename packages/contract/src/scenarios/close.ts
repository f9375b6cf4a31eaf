import { clock, pause } from '@holdfast/core/adapter';
import { always, claimed, type Scenario } from '../scenario.ts';
import { Gate, reached } from '../support/barrier.ts';
import { file, textOf } from '../support/bodies.ts';
import { checkEqual, checkRejects } from '../support/check.ts';
import { OPERATIONS } from './abort.ts';

const PATH = '/close/entry';

/** How long a `close` that does not wait has for being found out, in milliseconds. */
const MOMENT_MS = 20;

/** Closing ends things in order: what is under way finishes, what comes later is refused. */
export const closeScenarios: readonly Scenario[] = [
  always(
    'close.refuses',
    'after close every operation is refused, and closing again is harmless',
    async ({ filesystem }) => {
      await filesystem.put(PATH, file('x'), 'any');
      await filesystem.close();
      for (const { name, mutates, call } of OPERATIONS) {
        await checkRejects(
          () => call(filesystem, {}),
          { code: 'CLOSED', ...(mutates ? { outcome: 'not-applied' } : {}) },
          `${name} after close`,
        );
      }
      await filesystem.close();
      await filesystem[Symbol.asyncDispose]();
    },
  ),
  always(
    'close.at-once',
    'operations are refused as soon as close is called, not when it is done',
    async ({ filesystem }) => {
      const closing = filesystem.close();
      await checkRejects(() => filesystem.get(PATH), { code: 'CLOSED' }, 'get while closing');
      await closing;
    },
  ),
  always('close.waits', 'close waits for the operations under way, which succeed', async (context) => {
    const { filesystem } = context;
    const faults = context.faults();
    const sent = new Gate();
    const held = new Gate();
    faults.add({
      on: 'put',
      when: 'before',
      effect: () => {
        sent.open();
        return held.passed;
      },
    });
    const order: string[] = [];
    const putting = filesystem.put(PATH, file('x'), 'any').then(() => order.push('put'));
    await reached(sent, putting);
    const closing = filesystem.close().then(async () => {
      // Wrappers may need a few promises more to pass on an answer, but no turn of the event loop.
      await clock.nextTurn();
      order.push('close');
    });
    const both = Promise.all([putting, closing]);
    both.catch(() => {});
    // A close that does not wait would be done by now.
    await pause(MOMENT_MS, undefined);
    held.open();
    await both;
    checkEqual(order, ['put', 'close'], 'the order of the answers');
  }),
  always(
    'close.between-pages',
    'an iteration that goes on after close is refused, not cut short',
    async ({ filesystem }) => {
      for (const name of ['a', 'b', 'c']) await filesystem.put(`/close/${name}`, file('x'), 'any');
      const iteration = filesystem.entries('/close', { pageSize: 1 });
      await iteration.next();
      await filesystem.close();
      await checkRejects(() => iteration.next(), { code: 'CLOSED' }, 'the next page');
    },
  ),
  claimed('close.one-of-several', 'closing one instance leaves the others working', ['shared'], {
    async run(context) {
      const other = await context.another();
      await context.filesystem.put(PATH, file('x'), 'any');
      await context.filesystem.close();
      checkEqual(textOf(await other.get(PATH)), 'x', 'the body through the other instance');
      await other.put(PATH, file('y'), 'any');
    },
    async unclaimed(context) {
      await context.filesystem.close();
      await checkRejects(() => context.filesystem.get(PATH), { code: 'CLOSED' }, 'get after close');
    },
  }),
];
