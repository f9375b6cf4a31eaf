import { expect, test } from 'vitest';
import { EFFORT } from './effort.ts';

// Who passes the suite at full effort says so of these numbers.
test('full effort is 64 writers with 100 updates each, and 4 processes of 16 writers with 25 updates each', () => {
  expect(EFFORT.full.storm).toMatchObject({ writers: 64, updates: 100 });
  expect(EFFORT.full.processes).toEqual({ processes: 4, writers: 16, updates: 25 });
});

test('no effort does less than the one before it', () => {
  const { quick, full, long } = EFFORT;
  for (const [less, more] of [
    [quick, full],
    [full, long],
  ] as const) {
    const amounts = ({ storm, race, processes, children }: typeof less): number[] => [
      ...Object.values(storm),
      ...Object.values(race),
      ...Object.values(processes),
      children,
    ];
    const others = amounts(more);
    for (const [index, amount] of amounts(less).entries()) expect(others[index]).toBeGreaterThanOrEqual(amount);
  }
});
