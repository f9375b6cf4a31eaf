import { CasApply, casUpdate, readRecord } from '@holdfast/core';
import type { OurStore } from '../ours/our-store.ts';
import { COUNTERS, countedUp, FIRST, keyOf } from './counter.ts';
import type { CounterStore } from './counter-store.ts';
import { totalOf } from './total-of.ts';

/** Counters in one of our stores, by `casUpdate` and `jsonCodec`. Takes the store over. */
export async function holdfastCounters(store: OurStore, counters: number): Promise<CounterStore> {
  const { filesystem } = store;
  const keys = Array.from({ length: counters }, (_, number) => keyOf(number));
  for (const key of keys) await casUpdate(filesystem, key, COUNTERS, () => CasApply.write(FIRST));
  return {
    name: store.name,
    durability: filesystem.capabilitiesAt('/').durability,
    increment: (key) =>
      casUpdate(filesystem, keyOf(key), COUNTERS, (current = FIRST) => CasApply.write(countedUp(current))),
    async total() {
      const stored = await Promise.all(keys.map((key) => readRecord(filesystem, key, COUNTERS)));
      return totalOf(stored.map((it) => it?.value ?? FIRST));
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
