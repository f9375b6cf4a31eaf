import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';
import { parseCasOptions } from '../cas/cas-options.ts';

const ceilings = (options: object, attempts: number): number[] =>
  Array.from({ length: attempts }, (_, at) => backoffMs(at + 1, parseCasOptions({ ...options, random: () => 1 })));

test('the ceiling doubles from the first wait to the longest', () => {
  expect(ceilings({}, 8)).toEqual([2, 4, 8, 16, 32, 50, 50, 50]);
  expect(ceilings({ backoffMinMs: 10, backoffMaxMs: 45 }, 4)).toEqual([10, 20, 40, 45]);
});

test('no attempt is too late for a number', () => {
  const limits = parseCasOptions({ backoffMinMs: 1, backoffMaxMs: 2 ** 31 - 1, random: () => 1 });
  for (const attempt of [31, 32, 33, 1000, 1_000_000]) {
    expect(backoffMs(attempt, limits)).toBeLessThanOrEqual(2 ** 31 - 1);
    expect(backoffMs(attempt, limits)).toBeGreaterThan(2 ** 29);
  }
});

test('a first wait above the longest is the longest, and none is none', () => {
  expect(ceilings({ backoffMinMs: 100, backoffMaxMs: 5 }, 3)).toEqual([5, 5, 5]);
  expect(ceilings({ backoffMinMs: 0 }, 3)).toEqual([0, 0, 0]);
  expect(ceilings({ backoffMaxMs: 0 }, 3)).toEqual([0, 0, 0]);
});

test('the wait is any part of the ceiling, and random is asked once', () => {
  const drawn: number[] = [];
  const draws = [0, 0.25, 0.999];
  const random = (): number => {
    const draw = draws[drawn.length] as number;
    drawn.push(draw);
    return draw;
  };
  const limits = parseCasOptions({ random });
  expect([1, 2, 3].map((attempt) => backoffMs(attempt, limits))).toEqual([0, 1, 7.992]);
  expect(drawn).toEqual(draws);
});
