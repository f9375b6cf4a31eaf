import { expect, test } from 'vitest';
import { MEMORY_IDS, measureMemory } from './memory-calls.ts';

test('every call is measured, and that through a layer beside the bare one', async () => {
  const results = await measureMemory(MEMORY_IDS, { rounds: 1, calls: 20 });
  expect(results.map(({ id }) => id)).toEqual(MEMORY_IDS);
  for (const { id, ours, peer } of results) {
    expect(ours).toBeGreaterThan(0);
    expect(peer === null).toBe(id.startsWith('memory-'));
  }
});
