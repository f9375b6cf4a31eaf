import type { OperationOptions, RootFilesystem } from '@holdfast/core';
import { clock, pause, sameBytes } from '@holdfast/core/adapter';
import { parseOpened, parseStore } from '../running/parse-harness.ts';
import { always, claimed, type Scenario } from '../scenario.ts';
import { Gate, reached } from '../support/barrier.ts';
import { file, textOf } from '../support/bodies.ts';
import { check, checkEqual, checkRejects } from '../support/check.ts';
import { leftBy } from '../support/left-by.ts';
import { OPERATIONS } from './abort.ts';

const PATH = '/close/entry';

/** A deadline that nothing here comes near, in milliseconds. */
const LONG_MS = 20_000;

/** How long a `close` that does not wait has for being found out, in milliseconds. */
const MOMENT_MS = 20;

/** A body that a store may take steps of its own for, in bytes. */
const LARGE = 300_000;

/** Every call, with what is refused among them. */
async function useEverything(filesystem: RootFilesystem, options: OperationOptions): Promise<void> {
  const { cas, maxBodyBytes } = filesystem.capabilitiesAt(PATH);
  const large = { body: new Uint8Array(Math.min(LARGE, maxBodyBytes - 1)) };
  for (const given of [file('x'), large]) {
    await filesystem.put(PATH, given, 'any', options);
    // Whether it is refused, and how, is the business of other scenarios.
    if (cas !== 'none') await filesystem.put(PATH, given, 'absent', options).catch(() => {});
    await filesystem.get(PATH, options);
    await filesystem.delete(PATH, 'any', options);
  }
  await filesystem.put(PATH, file('x'), 'any', options);
  await filesystem.list('/close', options);
  // One that nobody goes on with.
  await filesystem.entries('/close', options).next();
}

/** How many turns of the event loop after the writes close is called. */
const TURNS_BEFORE_CLOSE = [0, 1, 2, 5];

/** How many writes of each sort are under way. */
const WRITES_OF_EACH = 4;

/**
 * Begins writes of every sort, closes, and checks that all are done; gives what checks, through another instance, that all
 * are there.
 */
async function closeAmidWrites(
  filesystem: RootFilesystem,
  directory: string,
  turns: number,
): Promise<(through: RootFilesystem) => Promise<void>> {
  const { maxBodyBytes } = filesystem.capabilitiesAt(directory);
  const large = new Uint8Array(Math.min(LARGE, maxBodyBytes - 1)).fill(1 + turns);
  const numbers = Array.from({ length: WRITES_OF_EACH }, (_, index) => index);
  const [overwritten, deleted] = ['overwritten', 'deleted'].map((sort) =>
    numbers.map((index) => `${directory}/${sort}/${index}`),
  ) as [string[], string[]];
  for (const path of [...overwritten, ...deleted]) await filesystem.put(path, file('before'), 'any');
  const created = numbers.map((index) => `${directory}/created/${index}`);
  const put = (path: string, index: number): Promise<unknown> =>
    filesystem.put(path, index % 2 === 0 ? { body: large } : file(path), 'any');
  const writes = numbers.flatMap((index) => [
    put(created[index] as string, index),
    put(overwritten[index] as string, index),
    filesystem.delete(deleted[index] as string, 'any'),
  ]);
  const all = Promise.all(writes);
  all.catch(() => {});
  for (let turn = 0; turn < turns; turn += 1) await clock.nextTurn();
  await filesystem.close();
  await all;
  return async (through) => {
    for (const [index, path] of [...created, ...overwritten].entries()) {
      const expected = (index % WRITES_OF_EACH) % 2 === 0 ? large : file(path).body;
      const found = (await through.get(path))?.body;
      check(
        found !== undefined && sameBytes(found, expected),
        `the body at ${path}, which was put when close was called`,
      );
    }
    for (const path of deleted) checkEqual(await through.get(path), undefined, `what is at ${path}, which was deleted`);
  };
}

/** Closing ends things in order: what is under way finishes, what comes later is refused. */
export const closeScenarios: readonly Scenario[] = [
  always('close.refuses', 'after close every operation is refused, and closing again is harmless', async (context) => {
    const { filesystem } = context;
    await filesystem.put(PATH, file('x'), 'any');
    // One that did nothing, and one that only wrote, may have nothing to close.
    const [idle, writing] = [await context.another(), await context.another()];
    if (idle !== filesystem) await idle.close();
    await writing.put(PATH, file('y'), 'any');
    if (writing !== filesystem) await writing.close();
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
  }),
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
    'close.writes-under-way',
    'writes of every sort that are under way when close is called are done, and are there afterwards',
    async (context) => {
      const { claims, effort } = context;
      // Where nothing outlives an instance and there is no other, there is nothing to look with.
      const open = (): Promise<RootFilesystem> =>
        claims.sharing === 'instance' ? context.reopen() : context.another();
      const canLook = claims.sharing !== 'instance' || claims.durability !== 'none';
      for (const turns of canLook ? TURNS_BEFORE_CLOSE : [effort.seed % 2]) {
        const filesystem = canLook ? await open() : context.filesystem;
        const look = await closeAmidWrites(filesystem, `/close/${turns}`, turns);
        if (canLook) await look(await open());
      }
    },
  ),
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
  always(
    'close.leaves-no-timer',
    'a closed instance leaves no timer behind that keeps the process alive, and no listener on the process',
    async ({ harness, signal, filesystem: another }) => {
      // What the first use of a driver leaves for good is not left by every instance.
      await useEverything(another, { timeoutMs: LONG_MS, signal });
      const store = parseStore(await harness.createStore());
      try {
        signal.throwIfAborted();
        const left = await leftBy(async () => {
          const filesystem = parseOpened(await store.open());
          try {
            await useEverything(filesystem, { timeoutMs: LONG_MS, signal });
          } finally {
            await filesystem.close();
          }
        });
        checkEqual(left, { timers: 0, listeners: [] }, 'what is left');
      } finally {
        await store.destroy();
      }
    },
  ),
  claimed('close.calls-of-others', 'closing one instance leaves what is under way in another to go on', ['shared'], {
    async run(context) {
      const other = await context.another();
      for (const name of ['a', 'b', 'c']) await other.put(`/close/${name}`, file('x'), 'any');
      const iteration = other.entries('/close', { pageSize: 1 });
      await iteration.next();
      const [sent, held] = [new Gate(), new Gate()];
      const effect = (): Promise<void> => {
        sent.open();
        return held.passed;
      };
      context.faults(other).add({ on: 'put', nth: 1, when: 'before', effect });
      const putting = other.put('/close/d', file('x'), 'any');
      await reached(sent, putting);
      await context.filesystem.close();
      held.open();
      await putting;
      const rest: string[] = [];
      for await (const { path } of iteration) rest.push(path);
      checkEqual(rest, ['/close/b', '/close/c', '/close/d'], 'the rest of the iteration');
    },
    async unclaimed({ filesystem }) {
      await filesystem.put(PATH, file('x'), 'any');
      const iteration = filesystem.entries('/close', { pageSize: 1 });
      await filesystem.close();
      await checkRejects(() => iteration.next(), { code: 'CLOSED' }, 'an iteration after close');
    },
  }),
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
