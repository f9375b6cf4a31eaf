import {
  casUpdate,
  CasApply,
  jsonCodec,
  transact,
  withConcurrencyLimit,
  withPrefix,
  withReadOnly,
  withRetry,
  withTimeout,
  withTracing,
  type RecordCodec,
  type RootFilesystem,
} from '@holdfast/core';
import { openMemory, type MemoryCapabilities } from '@holdfast/memory';
import type { Effort } from '../measure/effort.ts';
import { measureInTurn, type Calls } from '../measure/in-turn.ts';
import type { Group, Measured } from '../run/benchmark.ts';

type Memory = RootFilesystem<MemoryCapabilities>;

interface Bytes {
  readonly body: Uint8Array;
}

const body = new Uint8Array(200).fill(7);
const bytesCodec: RecordCodec<Bytes> = {
  encode: (value) => ({ body: value.body, kind: 'bytes' }),
  decode: (stored) => ({ body: stored.body }),
};

const counters = jsonCodec<{ readonly count: number; readonly rest: string }>({ kind: 'counter' });
const rest = 'r'.repeat(180);

/** One call after the other. */
const repeated =
  (call: () => Promise<unknown>): Calls =>
  async (count) => {
    for (let made = 0; made < count; made += 1) await call();
  };

const getting = (filesystem: Pick<Memory, 'get'>): Calls => repeated(() => filesystem.get('/bytes'));

const updating = (filesystem: Memory): Calls =>
  repeated(() =>
    casUpdate(filesystem, '/bytes', bytesCodec, (current) => {
      const next = new Uint8Array(current?.body ?? body);
      next[0] = ((next[0] ?? 0) + 1) & 255;
      return CasApply.write({ body: next });
    }),
  );

const updatingJson = (filesystem: Memory): Calls =>
  repeated(() =>
    casUpdate(filesystem, '/json', counters, (current) => CasApply.write({ count: (current?.count ?? 0) + 1, rest })),
  );

const transacting = (filesystem: Memory, paths: readonly string[]): Calls =>
  repeated(() =>
    transact(filesystem, async (transaction) => {
      for (const path of paths) {
        const current = await transaction.get(path, counters);
        await transaction.put(path, counters, { count: (current?.count ?? 0) + 1, rest });
      }
    }),
  );

/** How many calls are made in one turn. */
const CALLS = 500;

/** What calls cost without a backend that would cost anything; that through a layer beside the bare one. */
export const MEMORY_GROUP: Group = {
  title: 'Calls in memory, and through each layer that transforms nothing beside the bare call',
  benchmarks: [{ ids: [...casesOf(openMemory()).keys()], measure: (ids, { effort }) => measureMemory(ids, effort) }],
};

/** Measures calls of records of 200 bytes in memory, bare and through layers. A layer is compared with the bare call. */
export async function measureMemory(
  ids: readonly string[],
  effort: Effort,
  calls: number = CALLS,
): Promise<readonly Measured[]> {
  await using store = openMemory();
  for (const path of ['/bytes', '/below/bytes']) await store.put(path, { body, kind: 'bytes' }, 'any');
  const needed = new Set([...ids, ...ids.flatMap((id) => bareOf(id) ?? [])]);
  const cases = Object.fromEntries([...casesOf(store)].filter(([id]) => needed.has(id)));
  const measured = await measureInTurn(cases, calls, effort);
  const peerOf = (id: string) => measured[bareOf(id) ?? ''] ?? null;
  return ids.map((id) => ({
    id,
    unit: 'calls per second of processor time',
    ours: measured[id] ?? [],
    peer: peerOf(id),
  }));
}

function bareOf(id: string): string | undefined {
  const call = /^layers-(?<call>get|cas)-/.exec(id)?.groups?.['call'];
  return call && `memory-${call}`;
}

function casesOf(store: Memory): Map<string, Calls> {
  const layers: Record<string, Memory> = {
    tracing: withTracing(store),
    retry: withRetry(store),
    timeout: withTimeout(store, { timeoutMs: 10_000 }),
    concurrency: withConcurrencyLimit(store),
    prefix: withPrefix(store, '/below'),
  };
  const through = Object.entries(layers);
  return new Map([
    ['memory-get', getting(store)],
    ['memory-put', repeated(() => store.put('/put', { body }, 'any'))],
    ['memory-cas', updating(store)],
    ['memory-cas-json', updatingJson(store)],
    ['memory-transact-1', transacting(store, ['/one'])],
    ['memory-transact-2', transacting(store, ['/one', '/two'])],
    ...through.map(([name, layer]) => [`layers-get-${name}`, getting(layer)] as const),
    ['layers-get-read-only', getting(withReadOnly(store))],
    ...through.map(([name, layer]) => [`layers-cas-${name}`, updating(layer)] as const),
  ]);
}
