import { openMemory } from '@holdfast/memory';
import { expect, test } from 'vitest';
import { CHANGES, measureCommits } from './commit-cost.ts';

test('what is measured is what is told, and is there afterwards', async () => {
  await using store = openMemory();
  const { put, commitOfOne, commitOfMany, ratio } = await measureCommits(store, 5);
  expect(Math.min(put, commitOfOne)).toBeGreaterThan(0);
  expect(ratio).toBe(commitOfMany / put);
  expect((await store.list('/many')).children).toHaveLength(CHANGES);
});
