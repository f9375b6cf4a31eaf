import { compareCounters } from '../measure/compare-counters.ts';
import type { CounterStore } from '../records/counter-store.ts';
import type { Benchmark, Context } from '../run/benchmark.ts';
import type { ServerName, Servers } from '../run/servers.ts';

/** Opens one side with so many counters. */
export type OpenSide = (servers: Servers, counters: number) => Promise<CounterStore>;

/** One comparison of read-modify-writes. */
export interface Updates {
  readonly id: string;
  /** How many write at once. */
  readonly writers: number;
  /** On how many records: each of the writers has one of its own, unless there is one for all. */
  readonly counters?: number;
  readonly server?: ServerName;
  readonly ours: OpenSide;
  readonly peer: OpenSide;
}

/** A benchmark of read-modify-writes per second. */
export function updates({ id, writers, counters = writers, server, ours, peer }: Updates): Benchmark {
  const measure = async (_ids: readonly string[], { servers, effort, note }: Context) => {
    // The peer first, which may not be installed.
    await using theirs = await peer(servers, counters);
    await using mine = await ours(servers, counters);
    for (const { name, durability } of [mine, theirs]) note(`${name}: ${durability}`);
    const rounds = await compareCounters({ ours: mine, peer: theirs }, { writers, counters }, effort);
    return [{ id, unit: 'per second' as const, ...rounds }];
  };
  return { ids: [id], measure, ...(server && { server }) };
}
