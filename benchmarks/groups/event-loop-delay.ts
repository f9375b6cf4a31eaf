import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { getMany } from '@holdfast/core';
import { startChild } from '@holdfast/test-support';
import { ourSqlite, type OurSqliteStore } from '../ours/sqlite.ts';
import { sqliteBatches, type SqliteBatches } from '../peers/sqlite-batches.ts';
import { COUNTERS, FIRST, keyOf } from '../records/counter.ts';
import type { Benchmark, Context, Group } from '../run/benchmark.ts';

const WRITES = 1000;

/** How long the other process holds the lock, in milliseconds. */
const HELD = 1500;

/** The finest there is: a sample each millisecond. */
const RESOLUTION = { resolution: 1 };

const PATHS: readonly string[] = Array.from({ length: WRITES }, (_, number) => keyOf(number));

const HOLD_LOCK = new URL('../peers/children/hold-lock.ts', import.meta.url);

interface Delay {
  readonly p99: number;
  readonly max: number;
}

const delays: Benchmark = {
  ids: ['event-loop-delay-p99', 'event-loop-delay-max'],
  async measure(ids, { effort: { rounds }, note }: Context) {
    await using ours = await ourSqlite();
    await using peer = await sqliteBatches();
    await using oursHeld = await startChild(HOLD_LOCK, ours.file, HELD);
    await using peerHeld = await startChild(HOLD_LOCK, peer.file, HELD);
    note(`${ours.name}: ${ours.filesystem.capabilitiesAt('/').durability}; all writes are begun at once`);
    note(`better-sqlite3 by hand: ${peer.durability}; each write is in a turn of the event loop of its own`);
    const entry = await COUNTERS.encode(FIRST);
    const sides = {
      ours: async (): Promise<Delay> => {
        await oursHeld.tell();
        return delayDuring(() => Promise.all(PATHS.map((path) => ours.filesystem.put(path, entry, 'any'))));
      },
      peer: async (): Promise<Delay> => {
        await peerHeld.tell();
        return delayDuring(async () => {
          for (const path of PATHS) {
            await setImmediate();
            await peer.put([path], entry.body);
          }
        });
      },
    };
    const measured: Record<keyof typeof sides, Delay[]> = { ours: [], peer: [] };
    // Without a budget: nearly all of a round is waiting.
    for (let round = 0; round < rounds; round += 1) {
      for (const side of ['ours', 'peer'] as const) measured[side].push(await sides[side]());
    }
    await check(ours, peer);
    return ids.map((id) => {
      const what = id.endsWith('max') ? 'max' : 'p99';
      const [mine, theirs] = [measured.ours, measured.peer].map((all) => all.map((it) => it[what]));
      return { id, unit: 'ms', ours: mine ?? [], peer: theirs ?? [] };
    });
  },
};

async function delayDuring(work: () => Promise<unknown>): Promise<Delay> {
  const histogram = monitorEventLoopDelay(RESOLUTION);
  histogram.enable();
  // A sample is the time since the one before: without one before, what the work does at once would not be seen.
  await setTimeout(RESOLUTION.resolution * 2);
  await work();
  // The last delay is known when the next sample is taken.
  await setTimeout(RESOLUTION.resolution * 2);
  histogram.disable();
  return { p99: histogram.percentile(99) / 1e6, max: histogram.max / 1e6 };
}

async function check({ filesystem }: OurSqliteStore, peer: SqliteBatches): Promise<void> {
  const stored = [await getMany(filesystem, PATHS), await peer.get(PATHS)];
  if (stored.some((all) => all.filter((it) => it !== undefined).length !== WRITES))
    throw new Error('writes are missing');
}

/** What a timer of this process waits too long while another process keeps its writes waiting. */
export const EVENT_LOOP_GROUP: Group = {
  title: `Delay of the event loop (ms) with ${WRITES} SQLite writes in flight, while another process holds the lock for ${HELD} ms`,
  benchmarks: [delays],
};
