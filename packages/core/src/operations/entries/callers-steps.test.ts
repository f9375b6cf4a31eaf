import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { collect } from '../../../test/support/collect.ts';
import { deferred } from '../../../test/support/deferred.ts';
import { CallersSteps } from './callers-steps.ts';

const storage = new AsyncLocalStorage<string>();

async function* contexts(steps: number): AsyncGenerator<string | undefined, void, undefined> {
  for (let step = 0; step < steps; step += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    yield storage.getStore();
  }
}

test('it gives what the generator gives', async () => {
  const given = storage.run('a', () => collect(new CallersSteps(contexts(3))));
  expect(await given).toEqual(['a', 'a', 'a']);
});

test('steps that are asked for at once are taken in order, each in its own context', async () => {
  const steps = new CallersSteps(contexts(2));
  const taken = ['a', 'b', 'c', 'd'].map((name) => storage.run(name, () => steps.next()));
  expect((await Promise.all(taken)).map(({ value }) => value)).toEqual(['a', 'b', undefined, undefined]);
});

test('a step that fails ends it, as it ends the generator', async () => {
  const failing = async function* (): AsyncGenerator<number, void, undefined> {
    yield 1;
    throw new Error('mine');
  };
  const steps = new CallersSteps(failing());
  const taken = await Promise.allSettled([steps.next(), steps.next(), steps.next()]);
  expect(taken.map((it) => (it.status === 'fulfilled' ? it.value.done : String(it.reason)))).toEqual([
    false,
    'Error: mine',
    true,
  ]);
});

test.each([
  ['a return', (steps: CallersSteps<number>) => steps.return()],
  ['a disposal', (steps: CallersSteps<number>) => steps[Symbol.asyncDispose]()],
  ['an error thrown in', (steps: CallersSteps<number>) => steps.throw('mine').catch(() => {})],
])('%s waits for the step under way, and then ends the generator', async (_, end) => {
  const held = deferred();
  const order: string[] = [];
  const holding = async function* (): AsyncGenerator<number, void, undefined> {
    try {
      await held.promise;
      yield 1;
    } finally {
      order.push('ended');
    }
  };
  const steps = new CallersSteps(holding());
  const first = steps.next().then(() => order.push('first'));
  const ending = end(steps);
  held.resolve();
  await Promise.all([first, ending]);
  expect(order).toEqual(['first', 'ended']);
  expect(await steps.next()).toEqual({ done: true, value: undefined });
});
