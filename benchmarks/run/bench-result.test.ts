import { expect, test } from 'vitest';
import { resultOf } from './bench-result.ts';
import { cellsOf } from './figures.ts';

const faster = { id: 'a-64', unit: 'per second', ours: [90, 200, 1000], peer: [100, 100, 5] } as const;

test('a ratio is ours through the peer, of medians: above 1 ours does more in a second', () => {
  expect(resultOf(faster)).toEqual({ id: 'a-64', ours: 200, peer: 100, ratio: 2, unit: 'per second' });
  expect(cellsOf(faster)).toEqual(['a-64', '200 (145 to 600)', '100 (53 to 100)', '2.00']);
});

test('of times the ratio is the same way round, and the table says that it is one of time', () => {
  const shorter = { id: 'b', unit: 'ms', ours: [1], peer: [4] } as const;
  expect(resultOf(shorter)).toMatchObject({ ours: 1, peer: 4, ratio: 0.25 });
  expect(cellsOf(shorter)[3]).toBe('0.25 of the time');
});

test('what is compared with nothing has no peer and no ratio; a layer tells what it adds', () => {
  expect(resultOf({ id: 'c', unit: 'ms', ours: [1], peer: null })).toMatchObject({ peer: null, ratio: null });
  const layer = { id: 'layers-get-x', unit: 'calls per second of processor time', ours: [5e5], peer: [1e6] } as const;
  expect(cellsOf(layer)[3]).toBe('0.50, 1.00 µs more');
});
