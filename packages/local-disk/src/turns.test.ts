import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { SATURATION_CHANNEL } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';
import { expect, test } from 'vitest';
import { intercept } from '../test/support/intercept.ts';
import { openIn } from '../test/support/open-in.ts';
import { refusal } from '../test/support/rejection.ts';
import { makeScratch } from '../test/support/scratch.ts';
import { text, textOf } from '../test/support/text.ts';
import { MAX_UNDER_WAY, Turns } from './turns.ts';

const context = (signal = new AbortController().signal): OperationContext => ({ signal, remainingMs: () => Infinity });

interface Held {
  readonly run: () => Promise<void>;
  readonly started: Promise<void>;
  readonly end: () => void;
}

/** An operation that ends when it is told to. */
function held(log: string[], name: string): Held {
  const [started, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const run = (): Promise<void> => {
    log.push(name);
    started.resolve();
    return ended.promise;
  };
  return { run, started: started.promise, end: () => ended.resolve() };
}

test('so many work at a time, and the others in the order they came', async () => {
  const log: string[] = [];
  const turns = new Turns(2);
  const operations = ['a', 'b', 'c', 'd'].map((name) => held(log, name));
  const done = operations.map(({ run }) => turns.take(context(), run));
  expect(log).toEqual(['a', 'b']);
  operations[1]?.end();
  await operations[2]?.started;
  expect(log).toEqual(['a', 'b', 'c']);
  for (const { end } of operations) end();
  await Promise.all(done);
  expect(log).toEqual(['a', 'b', 'c', 'd']);
});

test('an operation that fails, or throws at once, hands its turn on', async () => {
  const turns = new Turns(1);
  const thrown = turns.take(context(), () => {
    throw new Error('at once');
  });
  const rejected = turns.take(context(), () => Promise.reject(new Error('later')));
  const last = turns.take(context(), () => Promise.resolve('done'));
  await expect(thrown).rejects.toThrow('at once');
  await expect(rejected).rejects.toThrow('later');
  expect(await last).toBe('done');
  expect(await turns.take(context(), () => Promise.resolve('again'))).toBe('again');
});

test('who gives up while waiting leaves the queue, never runs, and takes nobody else along', async () => {
  const log: string[] = [];
  const turns = new Turns(1);
  const first = held(log, 'first');
  const abort = new AbortController();
  const running = turns.take(context(), first.run);
  const gone = turns.take(context(abort.signal), held(log, 'gone').run);
  const next = turns.take(context(), () => Promise.resolve('next'));
  abort.abort();
  expect(await refusal(gone)).toBe('ABORTED not-applied');
  expect(await refusal(turns.take(context(AbortSignal.abort()), held(log, 'late').run))).toBe('ABORTED not-applied');
  first.end();
  await running;
  expect(await next).toBe('next');
  expect(log).toEqual(['first']);
});

test('any number of calls at once hold few files open, and all come through', async () => {
  await using scratch = await makeScratch();
  let [open, most] = [0, 0];
  const calls = intercept(async (name, real) => {
    const result = await real();
    open += name === 'open' ? 1 : name === 'file.close' ? -1 : 0;
    most = Math.max(most, open);
    return result;
  });
  await using disk = await openIn(scratch, { calls });
  const paths = Array.from({ length: 200 }, (_, index) => `/d${index}/e/p`);
  await Promise.all(paths.map((path) => disk.put(path, text(path), 'absent')));
  const bodies = await Promise.all(paths.map(async (path) => textOf(await disk.get(path))));
  expect(bodies).toEqual(paths);
  expect(most).toBeLessThanOrEqual(4 * MAX_UNDER_WAY);
  expect(open).toBe(0);
});

test('close waits for the calls that wait for their turn, and they come through', async () => {
  await using scratch = await makeScratch();
  const disk = await openIn(scratch);
  const puts = Array.from({ length: 5 * MAX_UNDER_WAY }, (_, index) => disk.put(`/${index}`, text('x'), 'any'));
  await disk.close();
  expect(await Promise.all(puts)).toHaveLength(puts.length);
});

test('a call that waits for its turn ends with its caller, and writes nothing', async () => {
  await using scratch = await makeScratch();
  const { promise, resolve } = Promise.withResolvers<void>();
  const calls = intercept(async (name, real) => {
    if (name === 'file.write') await promise;
    return real();
  });
  await using disk = await openIn(scratch, { calls });
  const puts = Array.from({ length: MAX_UNDER_WAY }, (_, index) => disk.put(`/${index}`, text('x'), 'any'));
  const abort = new AbortController();
  const waiting = disk.put('/waiting', text('x'), 'any', { signal: abort.signal });
  abort.abort();
  expect(await refusal(waiting)).toBe('ABORTED not-applied');
  resolve();
  await Promise.all(puts);
  expect(await disk.get('/waiting')).toBeUndefined();
});

test('80 % of the turns taken are published once, and again only after less than half were', async () => {
  const published: unknown[] = [];
  const note = (message: unknown): void => void published.push(message);
  subscribe(SATURATION_CHANNEL, note);
  try {
    const turns = new Turns(5);
    const message = { bound: 'openLocalDisk operations at once', used: 4, limit: 5 };
    const take = (many: number) => {
      const operations = Array.from({ length: many }, (_, index) => held([], String(index)));
      const done = operations.map(({ run }) => turns.take(context(), run));
      return { operations, done: Promise.all(done) };
    };
    const first = take(9);
    expect(published).toEqual([message]);
    // Those who waited take their turns, so that all are taken until the last five end.
    for (const { end } of first.operations.slice(0, 4)) end();
    await first.operations[8]?.started;
    expect(published).toEqual([message]);
    for (const { end } of first.operations) end();
    await first.done;
    const second = take(4);
    expect(published).toEqual([message, message]);
    for (const { end } of second.operations) end();
    await second.done;
  } finally {
    unsubscribe(SATURATION_CHANNEL, note);
  }
});
