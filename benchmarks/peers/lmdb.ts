import { makeScratchDirectory } from '@holdfast/test-support';
import type { CounterStore } from '../records/counter-store.ts';
import { countedUp, FIRST, keyOf, type Counter } from '../records/counter.ts';
import { totalOf } from '../records/total-of.ts';
import { loadPeer } from '../run/not-installed.ts';

/** lmdb: reads in memory, writes on the version that was read, done again when that has changed. */
export async function lmdb(counters: number): Promise<CounterStore> {
  const { open } = await loadPeer('lmdb', () => import('lmdb'));
  const scratch = await makeScratchDirectory('bench');
  const database = open<Counter, string>({ path: scratch.path, useVersions: true, encoding: 'json' });
  for (let number = 0; number < counters; number += 1) await database.put(keyOf(number), FIRST, 1);
  return {
    name: 'lmdb, getEntry, then put with ifVersion',
    durability: 'a write is answered after the sync of the batch that it is in',
    async increment(key) {
      for (;;) {
        const { value, version = 0 } = database.getEntry(keyOf(key)) as { value: Counter; version?: number };
        if (await database.put(keyOf(key), countedUp(value), version + 1, version)) return;
      }
    },
    async total() {
      return totalOf(Array.from({ length: counters }, (_, number) => database.get(keyOf(number)) as Counter));
    },
    async [Symbol.asyncDispose]() {
      await database.close();
      await scratch.remove();
    },
  };
}
