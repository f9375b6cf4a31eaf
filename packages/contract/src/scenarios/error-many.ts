import type { OperationOptions } from '@holdfast/core';
import { always, type Scenario } from '../scenario.ts';
import type { ScenarioContext } from '../running/scenario-context.ts';
import { inBatches } from '../support/batches.ts';
import { file, textOf } from '../support/bodies.ts';
import { checkEqual } from '../support/check.ts';
import { FOREIGN } from '../support/states.ts';

const PATH = '/error/there';
const NOTHING = '/error/nothing';

/** A body that a store may take steps of its own for, in bytes; and of how many calls one has it. */
const LARGE = 300_000;
const LARGE_ONE_IN = 8;

/** How many steps of promises at most a call goes on before its caller gives up. */
const STEPS = 30;

/** Calls that end without having done anything, whatever the backend claims; some are refused before they are sent. */
function callsInVain({ filesystem, claims }: ScenarioContext): ((index: number) => Promise<unknown>)[] {
  const large = { body: new Uint8Array(Math.min(LARGE, claims.maxBodyBytes)) };
  const entry = (index: number) => (index % LARGE_ONE_IN === 0 ? large : file('y'));
  const givenUp = (index: number, call: (options: OperationOptions) => Promise<unknown>): Promise<unknown> => {
    const controller = new AbortController();
    const called = call({ signal: controller.signal });
    void (async () => {
      for (let step = 0; step < index % STEPS; step += 1) await Promise.resolve();
      controller.abort();
    })();
    return called;
  };
  return [
    (index) => filesystem.put(PATH, entry(index), 'absent'),
    (index) => filesystem.put(PATH, entry(index), { version: FOREIGN }),
    (index) => filesystem.put(NOTHING, entry(index), { version: FOREIGN }),
    (index) => filesystem.delete(index % 2 === 0 ? PATH : NOTHING, { version: FOREIGN }),
    () => filesystem.delete(NOTHING, 'any'),
    () => filesystem.get(NOTHING),
    () => filesystem.get(PATH, { timeoutMs: 0 }),
    (index) => givenUp(index, (options) => filesystem.get(PATH, options)),
    (index) => givenUp(index, (options) => filesystem.list('/error', options)),
    (index) => givenUp(index, (options) => filesystem.entries('/error', options).next()),
    (index) => givenUp(index, (options) => filesystem.delete(NOTHING, 'any', options)),
    // One that nobody goes on with.
    () => filesystem.entries('/error', { pageSize: 1 }).next(),
    // On a tree, an entry is in the way; elsewhere it stays, as one of its own.
    (index) => filesystem.put(`${PATH}/below/${index}`, entry(index), 'any'),
    (index) => filesystem.put('/error', entry(index), 'any'),
  ];
}

/** What calls that came to nothing leave behind. */
export const errorManyScenarios: readonly Scenario[] = [
  always(
    'error.many',
    'however many calls of each sort were refused, found nothing or were given up, the next ones go through',
    async (context) => {
      const { filesystem, effort } = context;
      await filesystem.put(PATH, file('x'), 'any');
      const indices = Array.from({ length: effort.race.crowd }, (_, index) => index);
      for (const call of callsInVain(context)) {
        // Whether it is refused, and how, is the business of other scenarios.
        await inBatches(indices, (index) => call(index).catch(() => {}));
      }
      await inBatches(indices, async (index) => {
        const path = `/error/afterwards/${index}`;
        await filesystem.put(path, file(path), 'any');
        checkEqual(textOf(await filesystem.get(path)), path, `the body at ${path}`);
      });
      const { children } = await filesystem.list('/error/afterwards', { limit: 1000 });
      checkEqual(children.length, indices.length, 'the number of names');
      const iterated: string[] = [];
      for await (const { path } of filesystem.entries('/error/afterwards')) iterated.push(path);
      checkEqual(iterated.length, indices.length, 'the number of entries that are iterated');
      await inBatches(indices, (index) => filesystem.delete(`/error/afterwards/${index}`, 'any'));
    },
  ),
];
