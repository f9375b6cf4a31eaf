import { HoldfastError } from '@holdfast/core';
import { openMemory } from '@holdfast/memory';
import { expect, test } from 'vitest';
import { injectFaults } from '../faults/inject-faults.ts';
import type { CallMix } from './call-mix.ts';
import { checkRegister, isLinearizable } from './check-register.ts';
import { recordCalls } from './record-calls.ts';
import type { RegisterEvent } from './register-event.ts';

const MIX: CallMix = {
  workers: 4,
  calls: 100,
  seed: 1,
  paths: ['/d/a', '/d/b'],
  lengths: [10],
  interrupted: false,
};

/** In a few words what a call was. */
function sortOf(event: RegisterEvent): string {
  if (event.call !== 'write') return event.call;
  const expects = typeof event.expects === 'object' ? 'version' : event.expects;
  return `${event.leaves === undefined ? 'delete' : 'put'} ${expects} ${event.outcome}`;
}

test('calls of all kinds are recorded, done and refused, and a good filesystem is accepted', async () => {
  const recorded = await recordCalls([openMemory()], MIX);
  const sorts = new Set([...recorded.values()].flat().map(sortOf));
  const puts = ['any done', 'absent done', 'absent refused', 'version done', 'version refused'].map(
    (it) => `put ${it}`,
  );
  const deletes = ['any done', 'version done', 'version refused'].map((it) => `delete ${it}`);
  expect([...sorts]).toEqual(expect.arrayContaining(['read', 'look', ...puts, ...deletes]));
  for (const [path, events] of recorded) checkRegister(events, path);
});

/** A store of which every tenth write is made, and its caller is not told. */
function losingReplies(): ReturnType<typeof openMemory> {
  const store = openMemory();
  const plan = injectFaults(store);
  for (const on of ['put', 'delete', 'get'] as const) {
    for (let nth = 1; nth < 100; nth += 10) {
      const effect = (): never => {
        throw new HoldfastError('UNAVAILABLE', 'the connection was cut', { outcome: 'unknown' });
      };
      plan.add({ on, nth, when: 'after', effect });
    }
  }
  return store;
}

test('calls whose replies are lost are recorded as such where what carries them may fail, and are thrown where it may not', async () => {
  const recorded = await recordCalls([losingReplies()], { ...MIX, unreliable: true });
  const events = [...recorded.values()].flat();
  expect(events.some((event) => event.call === 'write' && event.outcome === 'unknown')).toBe(true);
  for (const [path, calls] of recorded) checkRegister(calls, path);
  await expect(recordCalls([losingReplies()], MIX)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

test('what recorders with other names have recorded by one clock is one history', async () => {
  const store = openMemory();
  let moment = 0;
  const now = (): number => (moment += 1);
  const parts = await Promise.all(['1.', '2.'].map((names) => recordCalls([store], { ...MIX, names }, now)));
  const histories = MIX.paths.map((path) => parts.flatMap((part) => part.get(path) ?? []));
  expect(histories.map(isLinearizable)).toEqual([true, true]);
});
