import { expect, test } from 'vitest';
import { median } from './median.ts';
import { quantile } from './quantile.ts';

test('the median is the middle, and between the two in the middle where there are two, in whatever order they come', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([10, 1, 2, 4])).toBe(3);
  expect(median([10, 9, 100])).toBe(10);
  expect(median([7])).toBe(7);
  expect(median([])).toBeNaN();
});

test('quartiles lie between values in proportion, and the least and the most are those of the values', () => {
  const values = [4, 1, 3, 2, 5];
  expect([0, 0.25, 0.5, 0.75, 1].map((share) => quantile(values, share))).toEqual([1, 2, 3, 4, 5]);
  expect(quantile([10, 20], 0.25)).toBe(12.5);
});
