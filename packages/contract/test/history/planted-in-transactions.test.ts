import { describe, expect, test } from 'vitest';
import { checkTransactions, isSerializable } from '../../src/history/check-transactions.ts';
import { ContractViolation } from '../../src/support/check.ts';
import { TRANSACTION_BUGS } from './bugs-of-transactions.ts';
import { simulateTransactions } from './simulated-transactions.ts';

const seeds = (count: number): number[] => Array.from({ length: count }, (_, nth) => nth + 1);

const SMALL = { workers: 4, transactions: 25 };

test('none of 300 histories is refused of a store without a bug, whose callers give up and whose replies are lost', () => {
  const refused = seeds(300).filter((seed) => !isSerializable(simulateTransactions({ ...SMALL, seed }).events));
  expect(refused).toEqual([]);
});

describe.each(TRANSACTION_BUGS)('a store that $name', ({ store, share }) => {
  const histories = seeds(60).map((seed) => simulateTransactions({ ...SMALL, seed, store }));
  const refused = histories.filter(({ events }) => !isSerializable(events));
  const buggy = histories.filter(({ bugs }) => bugs > 0);

  test('is caught', () => {
    expect(buggy.length).toBeGreaterThan(20);
    expect(refused.length / buggy.length).toBeGreaterThanOrEqual(share);
    for (const { events } of refused.slice(0, 9)) expect(() => checkTransactions(events)).toThrow(ContractViolation);
  });

  test('is not blamed for what it did rightly', () => {
    expect(refused.filter(({ bugs }) => bugs === 0)).toEqual([]);
  });
});
