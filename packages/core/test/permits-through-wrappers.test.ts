import { expect, test } from 'vitest';
import type { Snapshot } from '../src/entries/entry.ts';
import { HoldfastError } from '../src/errors/holdfast-error.ts';
import type { OperationOptions } from '../src/filesystem/operation-options.ts';
import type { RootFilesystem } from '../src/filesystem/root-filesystem.ts';
import { withConcurrencyLimit } from '../src/layers/with-concurrency-limit.ts';
import { withRetry } from '../src/layers/with-retry.ts';
import { mountTable } from '../src/mounts/mount-table.ts';
import { collect } from './support/collect.ts';
import { WRAPS } from './support/core-wrappers.ts';
import { deferred } from './support/deferred.ts';
import { ROOMY } from './support/encrypted.ts';
import { MapFilesystem, type BackendCall } from './support/map-filesystem.ts';
import { typedRejection } from './support/rejection.ts';
import { stranger } from './support/stranger.ts';
import { failOnUnhandledRejections, settled } from './support/unhandled.ts';

failOnUnhandledRejections();

const entry = { body: Uint8Array.of(1) };
const IDLE = { reads: { running: 0, waiting: 0 }, writes: { running: 0, waiting: 0 } };
const ONE = { reads: { limit: 1 }, writes: { limit: 1 } };

const OPERATIONS: readonly [
  BackendCall,
  string,
  (fs: RootFilesystem, options?: OperationOptions) => Promise<unknown>,
][] = [
  ['_get', 'get', (fs, options) => fs.get('/a', options)],
  ['_put', 'put', (fs, options) => fs.put('/a', entry, 'any', options)],
  ['_delete', 'delete', (fs, options) => fs.delete('/a', 'any', options)],
  ['_scan', 'list', (fs, options) => fs.list('/', options)],
  ['_scan', 'entries', (fs, options) => fs.entries('/', { ...options, pageSize: 1 }).next()],
];

const cases = Object.entries(WRAPS).flatMap(([wrapper, wrap]) =>
  OPERATIONS.map(([call, operation, run]) => ({ wrapper, wrap, call, operation, run })),
);

test.each(cases)('below $wrapper, an aborted $operation keeps its permit until the backend is done', async (given) => {
  const { wrap, call, run } = given;
  const backend = new MapFilesystem(ROOMY);
  const filesystem = withConcurrencyLimit(wrap(backend), ONE);
  const held = deferred();
  backend.before(call, (_context, nth) => (nth === 1 ? held.promise : undefined));
  const abort = new AbortController();
  const aborted = typedRejection(run(filesystem, { signal: abort.signal }));
  await settled();
  abort.abort();
  expect(await aborted).toMatchObject({ code: 'ABORTED' });
  const next = run(filesystem);
  await settled();
  expect(backend.count(call)).toBe(1);
  held.resolve();
  await next;
  await settled();
  expect(filesystem.usage()).toEqual(IDLE);
});

test.each(Object.entries(WRAPS))('below %s, every page takes a permit, and its consumer none', async (_, wrap) => {
  const backend = new MapFilesystem(ROOMY);
  const filesystem = withConcurrencyLimit(wrap(backend), { reads: { limit: 1, queue: 0 } });
  for (const path of ['/a', '/b', '/c']) await filesystem.put(path, entry, 'absent');
  const during: number[] = [];
  backend.after('_scan', () => during.push(filesystem.usage().reads.running));
  for await (const { path } of filesystem.entries('/', { pageSize: 1 })) {
    expect(filesystem.usage()).toEqual(IDLE);
    await filesystem.get(path);
  }
  expect(new Set(during)).toEqual(new Set([1]));
  expect(filesystem.usage()).toEqual(IDLE);
});

test.each(Object.entries(WRAPS))(
  'below %s, an iteration that is aborted, left or thrown out of leaves nothing',
  async (_, wrap) => {
    const backend = new MapFilesystem(ROOMY);
    const filesystem = withConcurrencyLimit(wrap(backend), ONE);
    for (const path of ['/a', '/b', '/c']) await filesystem.put(path, entry, 'absent');
    const left = filesystem.entries('/', { pageSize: 1 });
    await left.next();
    await left.return?.();
    const thrown = new Error('mine');
    const consume = async (): Promise<void> => {
      for await (const _entry of filesystem.entries('/', { pageSize: 1 })) throw thrown;
    };
    await expect(consume()).rejects.toBe(thrown);
    const held = deferred();
    const iterator = filesystem.entries('/', { pageSize: 1 });
    await iterator.next();
    backend.before('_scan', () => held.promise);
    const fetching = iterator.next();
    await settled();
    const returning = iterator.return?.();
    await settled();
    expect(filesystem.usage().reads.running).toBe(1);
    held.resolve();
    await Promise.all([fetching, returning]);
    expect(filesystem.usage()).toEqual(IDLE);
  },
);

test.each(Object.entries(WRAPS))('an iteration through %s that is left is left below too, once', async (_, wrap) => {
  const backend = new MapFilesystem(ROOMY);
  let left = 0;
  async function* entries(...given: Parameters<MapFilesystem['entries']>): AsyncGenerator<Snapshot> {
    try {
      yield* backend.entries(...given);
    } finally {
      left += 1;
    }
  }
  const filesystem = withConcurrencyLimit(wrap(stranger(backend, { entries })), ONE);
  for (const path of ['/a', '/b', '/c']) await filesystem.put(path, entry, 'absent');
  for await (const { path } of filesystem.entries('/', { pageSize: 1 })) {
    if (path === '/b') break;
  }
  expect(left).toBe(1);
  expect(filesystem.usage()).toEqual(IDLE);
});

/** Two limits on one backend, with something between them. */
const BETWEEN: Readonly<Record<string, (fs: RootFilesystem) => RootFilesystem>> = {
  nothing: (filesystem) => filesystem,
  'a table with another mount': (filesystem) =>
    mountTable([
      { at: '/', filesystem: new MapFilesystem() },
      { at: '/m', filesystem },
    ]),
  'a retry': (filesystem) => withRetry(filesystem, { maxAttempts: 1000, backoffMinMs: 0 }),
};

test.each(Object.entries(BETWEEN))(
  'with %s between two limits, reads and iterations that hold the one do not wait for the other forever',
  async (between, wrap) => {
    const backend = new MapFilesystem(ROOMY);
    const filesystem = withConcurrencyLimit(wrap(withConcurrencyLimit(backend, ONE)), ONE);
    const at = between.startsWith('a table') ? '/m' : '';
    for (const name of ['a', 'b', 'c']) await filesystem.put(`${at}/${name}`, entry, 'absent');
    let scans = 0;
    backend.before('_scan', async () => {
      await settled();
      scans += 1;
      if (between === 'a retry' && scans % 2 === 0) throw new HoldfastError('BUSY', 'held');
    });
    backend.before('_get', settled);
    const iterations = Array.from({ length: 4 }, () => collect(filesystem.entries('/', { pageSize: 1 })));
    const gets = Array.from({ length: 40 }, () => filesystem.get(`${at}/a`));
    for (const found of await Promise.all(iterations)) expect(found).toHaveLength(3);
    await Promise.all(gets);
    expect(filesystem.usage()).toEqual(IDLE);
  },
  5000,
);

test('a read-back through two limits waits for no read that waits for it', async () => {
  const backend = new MapFilesystem(ROOMY);
  const inner = withConcurrencyLimit(backend, ONE);
  const filesystem = withConcurrencyLimit(inner, ONE);
  await filesystem.put('/a', entry, 'any');
  const version = (await filesystem.get('/a'))?.version as never;
  const held = deferred();
  backend.before('_get', () => held.promise);
  backend.after('_put', () => {
    throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
  });
  // One that comes past the outer limit has the inner one.
  const direct = inner.get('/a');
  const during: unknown[] = [];
  backend.after('_get', () => during.push([filesystem.usage().reads.running, inner.usage().reads.running]));
  const put = filesystem.put('/a', entry, { version }, { timeoutMs: 1000 });
  await settled();
  const get = filesystem.get('/a');
  await settled();
  held.resolve();
  expect(await put).toHaveProperty('version');
  await Promise.all([direct, get]);
  // First the one that came past the outer limit.
  expect(during.slice(1)).toEqual([
    [1, 1],
    [1, 1],
  ]);
  expect(filesystem.usage()).toEqual(IDLE);
  expect(inner.usage()).toEqual(IDLE);
});

test('a read-back through two limits counts in both', async () => {
  const backend = new MapFilesystem(ROOMY);
  const inner = withConcurrencyLimit(backend, ONE);
  const filesystem = withConcurrencyLimit(inner, ONE);
  await filesystem.put('/a', entry, 'any');
  const version = (await filesystem.get('/a'))?.version as never;
  const seen: unknown[] = [];
  backend.before('_get', () => seen.push([filesystem.usage().reads.running, inner.usage().reads.running]));
  backend.after('_put', () => {
    throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
  });
  await filesystem.put('/a', entry, { version });
  expect(seen).toEqual([[1, 1]]);
});
