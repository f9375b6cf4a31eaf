import { HoldfastError } from '@holdfast/core';
import { clock, mintVersion } from '@holdfast/core/adapter';
import { expect, test } from 'vitest';
import { impatient, landed, open, put, turns, type Sent } from '../../test/support/batching.ts';
import type { SqlDriver } from '../driver.ts';
import { BatchingDriver } from './batching-driver.ts';

test('who waited behind others and was taken, answered or gave up does not count as waiting', async () => {
  const { write, land } = open({ maxWaiting: 3 });
  const caller = impatient();
  void write([put('/a')]);
  const writes = [write([put('/a', { version: mintVersion() })]), write([put('/a')], caller)];
  await turns();
  caller.giveUp();
  await land();
  expect(await Promise.all(writes)).toEqual([{ unmet: [0] }, { error: caller.reason }]);
  void write([put('/b')]);
  await turns();
  const behind = write([put('/b')]);
  await land();
  await land();
  expect(await behind).toEqual(landed);
  const again = [write([put('/c')]), write([put('/c')]), write([put('/c')])];
  await turns();
  for (let batch = 0; batch < 3; batch += 1) await land();
  expect(await Promise.all(again)).toEqual([landed, landed, landed]);
});

test('neither the patience with a batch nor that with who gave up keeps a process from ending', async () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((it) => it === 'Timeout').length;
  const before = timers();
  const { write, land, sent } = open({ patienceMs: 60_000 });
  const caller = impatient();
  const given = write([put('/a')], caller);
  void write([put('/b')]);
  await turns();
  void (sent[0] as Sent).context.signal;
  caller.giveUp();
  expect(timers()).toBe(before);
  await land();
  expect(await given).toEqual(landed);
});

test('a driver that looks before it writes does so behind this one too', async () => {
  const { driver } = open();
  expect(driver.readBeforeWrite).toBeUndefined();
  const inner = {
    read: async () => [],
    write: async () => [],
    close: async () => {},
    readBeforeWrite(this: unknown) {
      return Promise.resolve(this === inner ? ['its own'] : []);
    },
  };
  const behind = new BatchingDriver(inner as unknown as SqlDriver, {
    atOnce: 1,
    maxGroups: 1,
    maxChanges: 1,
    maxBytes: 1,
  });
  expect(await (behind.readBeforeWrite as () => Promise<unknown>)()).toEqual(['its own']);
});

test('a batch that makes way after some were answered leaves their places alone', async () => {
  const { write, land, sent, paths } = open({ atOnce: 1 });
  const writes = [write([put('/a')]), write([put('/b')])];
  await turns();
  const { batch } = (sent[0] as Sent).context;
  batch?.answer(0, landed);
  batch?.makeWay();
  const behind = write([put('/a'), put('/b')]);
  await turns();
  expect(paths()).toEqual(['/a /b', '/a+/b']);
  await land(sent[0]);
  await land(sent[1]);
  expect(await Promise.all([...writes, behind])).toEqual([landed, landed, { changed: [1, 1] }]);
});

test('one that was answered, or goes on by itself, is not concerned when its batch fails', async () => {
  const { write, sent } = open();
  const writes = ['/a', '/b', '/c'].map((path) => write([put(path)]));
  await turns();
  const { context, end } = sent[0] as Sent;
  context.batch?.answer(0, landed);
  context.batch?.alone(1);
  end.reject(new TypeError('cut'));
  expect(await writes[0]).toEqual(landed);
  expect(await writes[2]).toMatchObject({ error: { code: 'BACKEND_FAILED', message: 'the backend failed' } });
  context.batch?.answer(1, { unmet: [0] });
  expect(await writes[1]).toEqual({ unmet: [0] });
});

test('who leaves a batch that waits makes room at their paths', async () => {
  const { write, sent, paths } = open({ atOnce: 2 });
  const caller = impatient();
  const given = write([put('/a')], caller);
  void write([put('/b')]);
  await turns();
  void write([put('/a')]);
  (sent[0] as Sent).context.batch?.wait();
  caller.giveUp();
  expect(await given).toEqual({ error: caller.reason });
  await turns();
  expect(paths()).toEqual(['/a /b', '/a']);
});

test('a batch knows since when each has waited, and that there are no others', async () => {
  const { write, sent } = open();
  const before = clock.now();
  void write([put('/a')]);
  const after = clock.now();
  await turns();
  const { batch } = (sent[0] as Sent).context;
  expect(batch?.waitedSince(0)).toBeGreaterThanOrEqual(before);
  expect(batch?.waitedSince(0)).toBeLessThanOrEqual(after);
  expect(() => batch?.answer(1, landed)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});

test('who gives up gets the reason if it is an error of ours, and one of ours with it otherwise', async () => {
  const { write } = open();
  const ours = impatient();
  ours.giveUp();
  const given = await write([put('/a')], ours);
  expect('error' in given && given.error).toBe(ours.reason);
  const theirs = await write([put('/a')], { signal: AbortSignal.abort(new TypeError('theirs')), remainingMs: () => 1 });
  expect(theirs).toMatchObject({ error: { code: 'ABORTED', outcome: 'not-applied' } });
  expect('error' in theirs && theirs.error).toBeInstanceOf(HoldfastError);
});

test('closing answers those in line, and leaves what is under way to the driver', async () => {
  const { driver, write, land, paths } = open();
  const first = write([put('/a')]);
  await turns();
  const waiting = [write([put('/a')]), write([put('/b')]), write([put('/b'), put('/c')])];
  await driver.close();
  for (const result of await Promise.all(waiting)) {
    expect(result).toMatchObject({
      error: { code: 'CLOSED', message: 'the connection to the database was closed', outcome: 'not-applied' },
    });
  }
  await land();
  expect(await first).toEqual(landed);
  // Nothing of what was in line is sent.
  expect(paths()).toEqual(['/a']);
});
