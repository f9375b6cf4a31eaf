import { expect, test } from 'vitest';
import { measureMemory, MEMORY_GROUP } from './memory.ts';

test('every call is measured, and that through a layer beside the bare one', async () => {
  const ids = MEMORY_GROUP.benchmarks.flatMap((it) => it.ids);
  const measured = await measureMemory(ids, { budgetMs: 0, rounds: 1 }, 20);
  expect(measured.map(({ id }) => id)).toEqual(ids);
  for (const { id, ours, peer } of measured) {
    expect(Math.min(...ours)).toBeGreaterThan(0);
    expect(peer === null).toBe(id.startsWith('memory-'));
  }
});
