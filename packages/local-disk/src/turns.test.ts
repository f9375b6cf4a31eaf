import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate } from 'node:timers/promises';
import { SATURATION_CHANNEL } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';
import { expect, test } from 'vitest';
import { intercept } from '../test/support/intercept.ts';
import { openIn } from '../test/support/open-in.ts';
import { refusal, refusals } from '../test/support/rejection.ts';
import { manualClock } from '../test/support/manual-clock.ts';
import { makeScratch } from '../test/support/scratch.ts';
import { text, textOf } from '../test/support/text.ts';
import { MAX_STALLED, MAX_UNDER_WAY, STALLED_MS, Turns } from './turns.ts';

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
  const done = operations.map(({ run }, index) => turns.take(context(), `get /${index}`, run));
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
  const thrown = turns.take(context(), 'get /a', () => {
    throw new Error('at once');
  });
  const rejected = turns.take(context(), 'get /a', () => Promise.reject(new Error('later')));
  const last = turns.take(context(), 'get /a', () => Promise.resolve('done'));
  await expect(thrown).rejects.toThrow('at once');
  await expect(rejected).rejects.toThrow('later');
  expect(await last).toBe('done');
  expect(await turns.take(context(), 'get /a', () => Promise.resolve('again'))).toBe('again');
});

test('who gives up while waiting leaves the queue, never runs, and takes nobody else along', async () => {
  const log: string[] = [];
  const turns = new Turns(1);
  const first = held(log, 'first');
  const abort = new AbortController();
  const running = turns.take(context(), 'get /a', first.run);
  const gone = turns.take(context(abort.signal), 'get /a', held(log, 'gone').run);
  const next = turns.take(context(), 'get /a', () => Promise.resolve('next'));
  abort.abort();
  expect(await refusal(gone)).toBe('ABORTED not-applied');
  expect(await refusal(turns.take(context(AbortSignal.abort()), 'get /a', held(log, 'late').run))).toBe(
    'ABORTED not-applied',
  );
  first.end();
  await running;
  expect(await next).toBe('next');
  expect(log).toEqual(['first']);
});

test('an operation that hangs gives its turn to the next, and not a second one when it ends', async () => {
  const log: string[] = [];
  const time = manualClock();
  const turns = new Turns(1, time);
  const [hung, next, last] = [held(log, 'hung'), held(log, 'next'), held(log, 'last')];
  const done = [hung, next, last].map(({ run }, index) => turns.take(context(), `get /${index}`, run));
  time.pass(STALLED_MS - 1);
  expect(log).toEqual(['hung']);
  time.pass(1);
  await next.started;
  hung.end();
  await done[0];
  expect(log).toEqual(['hung', 'next']);
  next.end();
  await last.started;
  last.end();
  await Promise.all(done);
});

test('an operation keeps its turn as long as it asks whether its caller still waits', async () => {
  const log: string[] = [];
  const time = manualClock();
  const turns = new Turns(1, time);
  const [long, next] = [held(log, 'long'), held(log, 'next')];
  let alive = (): void => {};
  const running = turns.take(context(), 'get /long', (watched) => {
    alive = () => void watched.remainingMs();
    return long.run();
  });
  const waiting = turns.take(context(), 'get /next', next.run);
  for (let second = 0; second < 10; second += 1) {
    time.pass(STALLED_MS - 1);
    alive();
  }
  expect(log).toEqual(['long']);
  time.pass(STALLED_MS);
  await next.started;
  for (const { end } of [long, next]) end();
  await Promise.all([running, waiting]);
});

test('who asks for the same as one that hangs waits for that, in order, and leaves the turns to others', async () => {
  const log: string[] = [];
  const note = (name: string) => (): Promise<void> => {
    log.push(name);
    return Promise.resolve();
  };
  const time = manualClock();
  const turns = new Turns(1, time);
  const hung = held(log, 'hung');
  const abort = new AbortController();
  const running = turns.take(context(), 'get /hung', hung.run);
  const queued = turns.take(context(), 'get /hung', note('queued'));
  time.pass(STALLED_MS);
  const gone = turns.take(context(abort.signal), 'get /hung', note('gone'));
  const later = turns.take(context(), 'get /hung', note('later'));
  await turns.take(context(), 'put /hung', note('other work'));
  await turns.take(context(), 'get /other', note('other path'));
  abort.abort();
  expect(await refusal(gone)).toBe('ABORTED not-applied');
  expect(log).toEqual(['hung', 'other work', 'other path']);
  hung.end();
  await Promise.all([running, queued, later]);
  expect(log.slice(3)).toEqual(['queued', 'later']);
});

test('an operation whose caller gave up gives its turn away at once, and who asks again waits for it', async () => {
  const log: string[] = [];
  const turns = new Turns(1, manualClock());
  const abort = new AbortController();
  const hung = held(log, 'hung');
  const running = turns.take(context(abort.signal), 'get /hung', hung.run);
  abort.abort();
  const again = turns.take(context(), 'get /hung', () => Promise.resolve('again'));
  expect(await turns.take(context(), 'get /other', () => Promise.resolve('other'))).toBe('other');
  hung.end();
  await running;
  expect(await again).toBe('again');
});

test('only so many give their turns away, and those beyond keep them', async () => {
  const log: string[] = [];
  const time = manualClock();
  const turns = new Turns(1, time);
  const hung = Array.from({ length: MAX_STALLED + 2 }, (_, index) => held(log, `${index}`));
  const done = hung.map(({ run }, index) => turns.take(context(), `get /${index}`, run));
  for (const { started } of hung.slice(0, MAX_STALLED + 1)) {
    await started;
    time.pass(STALLED_MS);
  }
  await setImmediate();
  expect(log).toHaveLength(MAX_STALLED + 1);
  for (const { end } of hung) end();
  await Promise.all(done);
  expect(await turns.take(context(), 'get /0', () => Promise.resolve('again'))).toBe('again');
});

test('file calls that hang, as many as there are turns, park nobody else, and end when they come back', async () => {
  await using scratch = await makeScratch();
  const [time, back, all] = [manualClock(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let hanging = 0;
  const calls = intercept(async (name, real, [path]) => {
    if (name === 'open' && String(path).includes('hung')) {
      hanging += 1;
      if (hanging === MAX_UNDER_WAY) all.resolve();
      await back.promise;
    }
    return real();
  });
  await using disk = await openIn(scratch, { calls, clock: time });
  await disk.put('/d/a', text('a'), 'any');
  await disk.put('/d/b', text('b'), 'any');
  const hung = Array.from({ length: MAX_UNDER_WAY }, (_, index) => disk.get(`/hung${index % 4}`));
  await all.promise;
  const others = [
    disk.get('/d/a').then(textOf),
    disk.put('/d/c', text('c'), 'any').then(() => 'put'),
    disk.delete('/d/b', 'any').then(({ deleted }) => deleted),
  ];
  time.pass(STALLED_MS);
  expect(await Promise.all(others)).toEqual(['a', 'put', true]);
  // However often what hangs is asked for again, and given up, nothing more of it reaches the disk.
  const abort = new AbortController();
  const again = Array.from({ length: 50 }, (_, index) => disk.get(`/hung${index % 4}`, { signal: abort.signal }));
  expect(textOf(await disk.get('/d/c'))).toBe('c');
  abort.abort();
  expect(new Set(await refusals(again))).toEqual(new Set(['ABORTED']));
  expect(hanging).toBe(MAX_UNDER_WAY);
  back.resolve();
  expect(await Promise.all([...hung, disk.get('/hung0')])).toEqual(Array(MAX_UNDER_WAY + 1).fill(undefined));
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
      const done = operations.map(({ run }, index) => turns.take(context(), `get /${index}`, run));
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
