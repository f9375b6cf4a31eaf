import { expect, it } from 'vitest';
import { memory } from './memory.ts';
import type { ComparedBackend } from '../../src/model/compared-backend.ts';
import { Get } from '../../src/model/operations/get.ts';
import { plant } from './planted/plant.ts';
import { Round } from '../../src/model/round.ts';

it('names the backend that never answers', async () => {
  const hangs = plant('hangs', () => ({ get: () => new Promise(() => {}) }));
  const round = await Round.open([hangs, memory], 50);
  try {
    await expect(round.settle(new Get('/a', 'unsaid'))).rejects.toThrow(
      /^hangs differs from .* at step 1: get\("\/a"\)\n {2}hangs answered: no answer within 50 ms\n/,
    );
  } finally {
    await round.destroy();
  }
});

/** Memory that counts its stores. */
function counted(counts: { created: number; destroyed: number }): ComparedBackend {
  const createStore = async () => {
    const store = await memory.harness.createStore();
    counts.created += 1;
    const destroy = async () => {
      await store.destroy();
      counts.destroyed += 1;
    };
    return { ...store, destroy };
  };
  return { id: 'counted', harness: { name: 'counted', createStore } };
}

it('removes the stores that it made when another cannot be made or opened', async () => {
  const counts = { created: 0, destroyed: 0 };
  const good = counted(counts);
  const failed = () => Promise.reject(new Error('no room'));
  const unmade = { id: 'unmade', harness: { name: 'unmade', createStore: failed } };
  const opening = async () => ({ ...(await good.harness.createStore()), open: failed });
  const unopened = { id: 'unopened', harness: { name: 'unopened', createStore: opening } };
  await expect(Round.open([good, unmade])).rejects.toThrow('no room');
  await expect(Round.open([unopened, good])).rejects.toThrow('no room');
  expect(counts).toEqual({ created: 3, destroyed: 3 });
});
