import { expect, test } from 'vitest';
import { collect } from '../../test/support/collect.ts';
import { deferred } from '../../test/support/deferred.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { stranger } from '../../test/support/stranger.ts';
import { failOnUnhandledRejections, settled } from '../../test/support/unhandled.ts';
import { mountTable } from '../mounts/mount-table.ts';
import { withConcurrencyLimit } from './with-concurrency-limit.ts';
import { withRetry } from './with-retry.ts';

failOnUnhandledRejections();

const entry = { body: Uint8Array.of(1) };
const IDLE = { reads: { running: 0, waiting: 0 }, writes: { running: 0, waiting: 0 } };
const ONE = { reads: { limit: 1 }, writes: { limit: 1 } };

const PASS_ON: readonly [string, (options: unknown) => unknown][] = [
  ['the very same options', (options) => options],
  ['a copy of the options', (options) => (typeof options === 'object' ? { ...options } : options)],
];

test.each(PASS_ON)('a filesystem of a stranger that passes on %s is bounded too, page for page', async (_, passOn) => {
  const backend = new MapFilesystem();
  const filesystem = withConcurrencyLimit(stranger(backend, {}, passOn), ONE);
  for (const path of ['/a', '/b', '/c']) await filesystem.put(path, entry, 'absent');
  let seen = new Set<string>();
  for (const call of ['_get', '_scan', '_put', '_delete'] as const) {
    backend.before(call, () => void seen.add(JSON.stringify(filesystem.usage())));
  }
  expect(await collect(filesystem.entries('/', { pageSize: 2 }))).toHaveLength(3);
  await filesystem.get('/a');
  await filesystem.list('/');
  const reading = { reads: { running: 1, waiting: 0 }, writes: { running: 0, waiting: 0 } };
  expect(seen).toEqual(new Set([JSON.stringify(reading)]));
  seen = new Set();
  await filesystem.put('/a', entry, 'any');
  await filesystem.delete('/a', 'any');
  const writing = { reads: reading.writes, writes: reading.reads };
  expect(seen).toEqual(new Set([JSON.stringify(writing)]));
  expect(filesystem.usage()).toEqual(IDLE);
});

test.each(PASS_ON)('in a table, one that passes on %s is bounded beside one of ours', async (_, passOn) => {
  const backends = { '/a': new MapFilesystem(), '/b': new MapFilesystem(), '/c': new MapFilesystem() };
  const table = mountTable([
    { at: '/a', filesystem: backends['/a'] },
    { at: '/b', filesystem: stranger(backends['/b'], {}, passOn) },
    { at: '/c', filesystem: withRetry(stranger(backends['/c'], {}, passOn)) },
  ]);
  const filesystem = withConcurrencyLimit(table, ONE);
  const during: number[] = [];
  for (const [at, backend] of Object.entries(backends)) {
    await filesystem.put(`${at}/e`, entry, 'absent');
    backend.before('_scan', () => during.push(filesystem.usage().reads.running));
  }
  expect(await collect(filesystem.entries('/'))).toHaveLength(3);
  expect(during).toEqual([1, 1, 1]);
  expect(filesystem.usage()).toEqual(IDLE);
});

test('a page of a stranger that finds no room is refused, and one that waits is aborted at once', async () => {
  const backend = new MapFilesystem();
  const filesystem = withConcurrencyLimit(stranger(backend), { reads: { limit: 1, queue: 1 } });
  const held = deferred();
  backend.before('_get', () => held.promise);
  const get = filesystem.get('/a');
  const abort = new AbortController();
  const waiting = typedRejection(filesystem.entries('/d', { signal: abort.signal }).next());
  await settled();
  const refused = await typedRejection(filesystem.entries('/e').next());
  expect(refused).toMatchObject({ code: 'OVERLOADED', operation: 'entries', path: '/e' });
  abort.abort();
  expect(await waiting).toMatchObject({ code: 'ABORTED', operation: 'entries', path: '/d' });
  held.resolve();
  await get;
  expect(backend.count('_scan')).toBe(0);
  expect(filesystem.usage()).toEqual(IDLE);
});

test('a stranger that throws where it should reject, or gives no promise, takes no permit with it', async () => {
  const boom = new Error('boom');
  const throws = (): never => {
    throw boom;
  };
  const iterator = { next: throws, [Symbol.asyncIterator]: () => iterator };
  const calls = { get: throws, put: throws, delete: throws, list: throws, entries: () => iterator };
  const filesystem = withConcurrencyLimit(stranger(new MapFilesystem(), calls), ONE);
  const all = [
    () => filesystem.get('/a'),
    () => filesystem.put('/a', entry, 'any'),
    () => filesystem.delete('/a', 'any'),
    () => filesystem.list('/'),
    () => filesystem.entries('/').next(),
  ];
  for (const call of all) expect(await rejection(call())).toBe(boom);
  expect(filesystem.usage()).toEqual(IDLE);
  const none = { get: () => undefined, entries: () => ({ next: () => ({ done: true }) }) };
  const careless = withConcurrencyLimit(stranger(new MapFilesystem(), none), ONE);
  expect(await careless.get('/a')).toBeUndefined();
  expect(await careless.entries('/').next()).toEqual({ done: true, value: undefined });
  expect(careless.usage()).toEqual(IDLE);
});

test('an adapter that gives no promise takes no permit with it', async () => {
  class Careless extends MapFilesystem {
    protected override _get(): never {
      return undefined as never;
    }
    protected override _put(): never {
      return undefined as never;
    }
    protected override _scan(): never {
      return [] as never;
    }
  }
  const filesystem = withConcurrencyLimit(new Careless(), ONE);
  for (let round = 0; round < 3; round += 1) {
    expect((await typedRejection(filesystem.get('/a'))).code).toBe('BACKEND_FAILED');
    expect((await typedRejection(filesystem.put('/a', entry, 'any'))).outcome).toBe('unknown');
  }
  expect(await collect(filesystem.entries('/'))).toEqual([]);
  expect(filesystem.usage()).toEqual(IDLE);
});
