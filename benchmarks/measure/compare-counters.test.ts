import { expect, test } from 'vitest';
import { ourMemory } from '../ours/memory.ts';
import type { CounterStore } from '../records/counter-store.ts';
import { holdfastCounters } from '../records/holdfast-counters.ts';
import { compareCounters } from './compare-counters.ts';

const tiny = { budgetMs: 0, rounds: 2 };

/** Reads, lets others read the same, and writes: of many at once all but one are lost. */
function losing(): CounterStore {
  let stored = 0;
  return {
    name: 'a peer that loses updates',
    durability: 'none',
    async increment() {
      const read = stored;
      await Promise.resolve();
      stored = read + 1;
    },
    total: async () => stored,
    async [Symbol.asyncDispose]() {},
  };
}

test('a side that loses updates has no figures', async () => {
  await using ours = await holdfastCounters(await ourMemory(), 1);
  const sides = { ours, peer: losing() };
  await expect(compareCounters(sides, { writers: 4, counters: 1 }, tiny)).rejects.toThrow(
    /^a peer that loses updates answered 12 updates and counted \d+$/,
  );
});

test('with as many counters as writers or one for all, every update is counted, that of the warm-up as well', async () => {
  for (const counters of [4, 1]) {
    await using ours = await holdfastCounters(await ourMemory(), counters);
    await using peer = await holdfastCounters(await ourMemory(), counters);
    const rounds = await compareCounters({ ours, peer }, { writers: 4, counters }, tiny);
    expect(rounds.ours).toHaveLength(2);
    expect(await ours.total()).toBe(12);
  }
});
