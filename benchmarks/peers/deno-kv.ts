import { join } from 'node:path';
import { makeScratchDirectory } from '@holdfast/test-support';
import type { CounterStore } from '../records/counter-store.ts';
import { countedUp, FIRST, type Counter } from '../records/counter.ts';
import { totalOf } from '../records/total-of.ts';
import { loadPeer } from '../run/not-installed.ts';

/** Deno KV on SQLite: `get`, then an atomic operation that checks what was read, done again when it has changed. */
export async function denoKv(counters: number): Promise<CounterStore> {
  const { openKv } = await loadPeer('@deno/kv', () => import('@deno/kv'));
  const scratch = await makeScratchDirectory('bench');
  // Its native part is loaded only here.
  const kv = await loadPeer('@deno/kv', () => openKv(join(scratch.path, 'peer.db'))).catch(async (error: unknown) => {
    await scratch.remove();
    throw error;
  });
  const keyOf = (number: number): string[] => ['counters', String(number)];
  for (let number = 0; number < counters; number += 1) await kv.set(keyOf(number), FIRST);
  return {
    name: '@deno/kv on SQLite, get, then atomic().check().set()',
    // Its library is built so that a commit to a write-ahead log is synced, and nobody can change that from outside.
    durability: 'journal_mode wal, synchronous 2, as it is built',
    async increment(key) {
      for (;;) {
        const entry = await kv.get<Counter>(keyOf(key));
        const { ok } = await kv
          .atomic()
          .check(entry)
          .set(keyOf(key), countedUp(entry.value as Counter))
          .commit();
        if (ok) return;
      }
    },
    async total() {
      const found = Array.from({ length: counters }, (_, number) => kv.get<Counter>(keyOf(number)));
      return totalOf((await Promise.all(found)).map(({ value }) => value as Counter));
    },
    async [Symbol.asyncDispose]() {
      kv.close();
      await scratch.remove();
    },
  };
}
