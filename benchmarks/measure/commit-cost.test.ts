import { openMemory } from '@holdfast/memory';
import { expect, test } from 'vitest';
import { CHANGES, measureCommits } from './commit-cost.ts';

test('what is measured is what is told, and is there afterwards', async () => {
  await using store = openMemory();
  const { put, one, many } = await measureCommits(store, { budgetMs: 0, rounds: 5 });
  expect([put, one, many].map((all) => all.length)).toEqual([5, 5, 5]);
  expect(Math.min(...put, ...one, ...many)).toBeGreaterThan(0);
  expect((await store.list('/many')).children).toHaveLength(CHANGES);
});
