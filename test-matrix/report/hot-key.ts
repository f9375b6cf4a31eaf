import { EFFORT, type Effort, type Harness } from '@holdfast/contract';
import {
  CAS_DEFAULTS,
  CasApply,
  casUpdate,
  jsonCodec,
  readRecord,
  type Capabilities,
  type RootFilesystem,
} from '@holdfast/core';
import { scenarioTimeoutMs } from '../scenario-timeout.ts';
import { describeFailure } from './failure.ts';
import { summarize } from './latencies.ts';
import type { Failure, HotKeyPoint, HotKeyReport } from './matrix-report.ts';
import { within } from './within.ts';

/** How many writers update one record at once. */
const WRITERS = [1, 4, 16, 64] as const;

const codec = jsonCodec<{ readonly count: number }>({ kind: 'counter' });

const add = (current: { readonly count: number } | undefined) => CasApply.write({ count: (current?.count ?? 0) + 1 });

/** Whether a backend claims what the measurement needs. */
export function takesHotKey({ cas, records }: Capabilities): boolean {
  return cas === 'versioned' && records;
}

/**
 * Measures `casUpdate` with 1, 4, 16 and 64 writers of one record in one instance, each number on a record of its
 * own. The updates per writer are as many as in the storms of the contract suite at this effort. Does not reject:
 * what fails is in the report.
 */
export async function measureHotKey(
  harness: Harness,
  effort: Effort,
  onPoint: (point: HotKeyPoint) => void = () => {},
): Promise<HotKeyReport> {
  const { storm } = EFFORT[effort];
  const timeoutMs = scenarioTimeoutMs(effort);
  const points: HotKeyPoint[] = [];
  const bounded = <T>(work: Promise<T>, what: string): Promise<T> => within(work, timeoutMs, what);
  let failure: Failure | null = null;
  const fail = (error: unknown): void => void (failure ??= describeFailure('hot key', error));
  try {
    const store = await bounded(harness.createStore(), 'making a store');
    try {
      const filesystem = await bounded(store.open(), 'opening the store');
      try {
        for (const writers of WRITERS) {
          const signal = AbortSignal.timeout(timeoutMs);
          points.push(await measurePoint(filesystem, writers, storm.updates, signal));
          onPoint(points.at(-1) as HotKeyPoint);
        }
      } finally {
        await bounded(filesystem.close(), 'closing the store').catch(fail);
      }
    } finally {
      await bounded(store.destroy(), 'removing the store').catch(fail);
    }
  } catch (error) {
    fail(error);
  }
  return { updatesPerWriter: storm.updates, points, failure };
}

/**
 * So many bursts, in each of which all writers begin one update at the same moment. Without bursts the writer that has
 * just won would go on winning while the others back off, on a backend that answers at once: its updates would meet
 * nobody, and their latencies would tell nothing.
 */
export async function measurePoint(
  filesystem: RootFilesystem,
  writers: number,
  updatesPerWriter: number,
  signal?: AbortSignal,
): Promise<HotKeyPoint> {
  const path = `/hot-key/${writers}`;
  // Each for itself, as writers of several processes are: those of one would share their writes.
  const options = { signal, combine: false };
  // The record is there before the clock starts, so that nobody is timed creating it.
  await casUpdate(filesystem, path, codec, () => CasApply.write({ count: 0 }), options);
  const durationsMs: number[] = [];
  let attempts = 0;
  let mostAttempts = 0;
  const failures: unknown[] = [];

  const update = async (): Promise<void> => {
    const start = performance.now();
    try {
      const result = await casUpdate(filesystem, path, codec, add, options);
      durationsMs.push(performance.now() - start);
      attempts += result.attempts;
      mostAttempts = Math.max(mostAttempts, result.attempts);
    } catch (error) {
      failures.push(error);
    }
  };
  const start = performance.now();
  for (let burst = 0; burst < updatesPerWriter; burst += 1) {
    await Promise.all(Array.from({ length: writers }, update));
  }
  const durationMs = Number((performance.now() - start).toFixed(1));

  const counter = await countAt(filesystem, path).catch((error: unknown) => void failures.push(error));
  const succeeded = durationsMs.length;
  return {
    writers,
    updates: writers * updatesPerWriter,
    failed: writers * updatesPerWriter - succeeded,
    failure: failures.length === 0 ? null : describeFailure('hot key', failures[0]),
    counter: counter ?? null,
    exact: counter === succeeded,
    durationMs,
    latency: summarize(durationsMs),
    attempts: succeeded === 0 ? null : { mean: Number((attempts / succeeded).toFixed(2)), max: mostAttempts },
  };
}

async function countAt(filesystem: RootFilesystem, path: string): Promise<number | undefined> {
  const { timeoutMs } = CAS_DEFAULTS;
  return (await readRecord(filesystem, path, codec, { timeoutMs }))?.value.count;
}
