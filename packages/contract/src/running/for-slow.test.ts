import { expect, test } from 'vitest';
import { EFFORT } from './effort.ts';
import { forSlow } from './for-slow.ts';

const updates = ({ storm, processes }: typeof EFFORT.full): number[] => [
  storm.writers * storm.updates,
  processes.processes * processes.writers * processes.updates,
];

test('what a fast backend has to do stays as it is, but for the time that it may take', () => {
  const { scenarioTimeoutMs } = EFFORT.full;
  expect(forSlow(EFFORT.quick, 1)).toEqual({ ...EFFORT.quick, scenarioTimeoutMs });
});

test('at 25 ms a call, full effort is 16 writers with 15 updates each, 4 processes of 4 writers, and sequences of 20 operations', () => {
  expect(forSlow(EFFORT.full, 25)).toEqual({
    ...EFFORT.full,
    storm: { writers: 16, updates: 15, updatesInVariations: 15 },
    processes: { processes: 4, writers: 4, updates: 15 },
    sequences: { ...EFFORT.full.sequences, operations: 20 },
  });
});

test('the slower the calls, the fewer the updates, down to a storm of four writers with five each', () => {
  let before = updates(EFFORT.full);
  for (const roundTripMs of [1, 5, 25, 100, 400, 1000]) {
    const now = updates(forSlow(EFFORT.full, roundTripMs));
    for (const [index, amount] of now.entries()) expect(amount).toBeLessThanOrEqual(before[index] ?? 0);
    before = now;
  }
  expect(before).toEqual([20, 20]);
});
