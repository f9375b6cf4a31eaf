import { mintVersion } from '@holdfast/core/adapter';
import { expect, test } from 'vitest';
import { impatient, landed, open, put, turns } from '../../test/support/batching.ts';
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
  const { write, land } = open({ patienceMs: 60_000 });
  const caller = impatient();
  const given = write([put('/a')], caller);
  void write([put('/b')]);
  await turns();
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
