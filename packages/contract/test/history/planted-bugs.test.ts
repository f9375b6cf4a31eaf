import { describe, expect, test } from 'vitest';
import { isLinearizable } from '../../src/history/check-register.ts';
import { fewestCalls } from '../../src/history/fewest-calls.ts';
import { BUGS } from './bugs-of-registers.ts';
import { simulateCalls } from './simulated-register.ts';

const seeds = (count: number): number[] => Array.from({ length: count }, (_, nth) => nth + 1);

const SMALL = { workers: 4, calls: 25 };

test('none of 400 histories is refused of a store without a bug, whose callers give up and whose replies are lost', () => {
  const refused = seeds(400).filter((seed) => !isLinearizable(simulateCalls({ ...SMALL, seed }).events));
  expect(refused).toEqual([]);
});

test('none is refused of a thousand calls of sixteen workers each', () => {
  const refused = seeds(10).filter((seed) => {
    const { events } = simulateCalls({ workers: 16, calls: 63, seed });
    expect(events.some((event) => event.call === 'write' && event.outcome === 'unknown')).toBe(true);
    return !isLinearizable(events);
  });
  expect(refused).toEqual([]);
});

describe.each(BUGS)('a store that $name', ({ register, share }) => {
  const histories = seeds(60).map((seed) => simulateCalls({ ...SMALL, seed, register }));
  const refused = histories.filter(({ events }) => !isLinearizable(events));
  const buggy = histories.filter(({ bugs }) => bugs > 0);

  test('is caught', () => {
    expect(buggy.length).toBeGreaterThan(20);
    expect(refused.length / buggy.length).toBeGreaterThanOrEqual(share);
  });

  test('is not blamed for what it did rightly', () => {
    expect(refused.filter(({ bugs }) => bugs === 0)).toEqual([]);
  });

  test('is shown by a few of the calls, which are wrong by themselves', () => {
    const shown = refused.slice(0, 9).map(({ events }) => fewestCalls(events));
    expect(shown.filter((fewest) => isLinearizable(fewest))).toEqual([]);
    const lengths = shown.map((fewest) => fewest.length).toSorted((a, b) => a - b);
    expect(lengths[4]).toBeLessThanOrEqual(4);
  });
});
