import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test, vi } from 'vitest';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { collect } from '../../test/support/collect.ts';
import { deferred, never } from '../../test/support/deferred.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection, typedThrow } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections, settled } from '../../test/support/unhandled.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { CLOSE_GRACE_MS } from '../filesystem/in-flight.ts';
import { withConcurrencyLimit, type ConcurrencyOptions } from './with-concurrency-limit.ts';

beforeEach(followGlobals);

failOnUnhandledRejections();

const entry = { body: Uint8Array.of(1) };
const IDLE = { reads: { running: 0, waiting: 0 }, writes: { running: 0, waiting: 0 } };

function limited(options: ConcurrencyOptions) {
  const backend = new MapFilesystem();
  return { backend, filesystem: withConcurrencyLimit(backend, options) };
}

/** Holds every backend call of the sorts until it is told to let them go. */
function hold(backend: MapFilesystem, ...calls: ('_get' | '_put' | '_delete' | '_scan')[]) {
  const held = deferred();
  for (const call of calls) backend.before(call, () => held.promise);
  return held;
}

test('no more calls run at once than are allowed, and the others follow in order', async () => {
  const { backend, filesystem } = limited({ writes: { limit: 2 } });
  const gates = Array.from({ length: 5 }, () => deferred());
  backend.before('_put', (_context, nth) => gates[nth - 1]?.promise);
  const order: number[] = [];
  const puts = gates.map((_, n) => filesystem.put(`/${n}`, entry, 'absent').then(() => order.push(n)));
  await settled();
  expect(backend.count('_put')).toBe(2);
  expect(filesystem.usage().writes).toEqual({ running: 2, waiting: 3 });
  for (const n of [1, 0, 2, 3, 4]) {
    gates[n]?.resolve();
    await settled();
  }
  await Promise.all(puts);
  expect(order).toEqual([1, 0, 2, 3, 4]);
  expect(filesystem.usage()).toEqual(IDLE);
});

test('one more than the queue holds is refused at once, and nothing of it is applied', async () => {
  const { backend, filesystem } = limited({ writes: { limit: 1, queue: 1 } });
  const held = hold(backend, '_put');
  const puts = [filesystem.put('/a', entry, 'any'), filesystem.put('/b', entry, 'any')];
  expect(await typedRejection(filesystem.put('/c', entry, 'any'))).toMatchObject({
    code: 'OVERLOADED',
    operation: 'put',
    path: '/c',
    outcome: 'not-applied',
    retryable: true,
  });
  held.resolve();
  await Promise.all(puts);
  expect([...backend.stored.keys()]).toEqual(['/a', '/b']);
});

test('a burst of writes does not keep reads waiting, nor the reverse', async () => {
  const { backend, filesystem } = limited({ reads: { limit: 1 }, writes: { limit: 1 } });
  const writes = hold(backend, '_put');
  const puts = Array.from({ length: 50 }, (_, n) => filesystem.put(`/${n}`, entry, 'any'));
  expect(await filesystem.get('/a')).toBeUndefined();
  expect((await filesystem.list('/')).children).toEqual([]);
  expect(await collect(filesystem.entries('/'))).toEqual([]);
  writes.resolve();
  await Promise.all(puts);
  const reads = hold(backend, '_get');
  const gets = Array.from({ length: 50 }, () => filesystem.get('/1'));
  expect(await filesystem.delete('/1', 'any')).toEqual({ deleted: true });
  reads.resolve();
  await Promise.all(gets);
  expect(filesystem.usage()).toEqual(IDLE);
});

test('a permit outlasts the caller: it comes back when the backend is done', async () => {
  const { backend, filesystem } = limited({ reads: { limit: 1 } });
  const held = hold(backend, '_get');
  const error = await typedRejection(filesystem.get('/a', { timeoutMs: 5 }));
  expect(error.code).toBe('TIMEOUT');
  expect(filesystem.usage().reads.running).toBe(1);
  const waiting = filesystem.get('/b');
  await settled();
  expect(backend.count('_get')).toBe(1);
  held.resolve();
  await waiting;
  expect(filesystem.usage()).toEqual(IDLE);
});

test('a permit of a write comes back as soon as the write is durable, before its caller goes on', async () => {
  const { backend, filesystem } = limited({ writes: { limit: 1, queue: 0 } });
  const seen: unknown[] = [];
  backend.after('_put', () => void seen.push(filesystem.usage().writes.running));
  await filesystem.put('/a', entry, 'any').then(() => seen.push(filesystem.usage().writes.running));
  expect(seen).toEqual([1, 0]);
  // A caller that never goes on holds nothing either.
  void filesystem.put('/b', entry, 'any').then(() => never());
  await settled();
  await filesystem.put('/c', entry, 'any');
});

test('whoever gives up while waiting leaves the queue, and nothing is applied', async () => {
  const { backend, filesystem } = limited({ writes: { limit: 1, queue: 2 } });
  const held = hold(backend, '_put');
  const running = filesystem.put('/a', entry, 'any');
  const abort = new AbortController();
  const aborted = typedRejection(filesystem.put('/b', entry, 'any', { signal: abort.signal }));
  const late = typedRejection(filesystem.put('/c', entry, 'any', { timeoutMs: 5 }));
  abort.abort('mine');
  expect(await aborted).toMatchObject({ code: 'ABORTED', outcome: 'not-applied', path: '/b' });
  expect((await aborted).rawCause()).toBe('mine');
  expect(await late).toMatchObject({ code: 'TIMEOUT', outcome: 'not-applied', path: '/c', operation: 'put' });
  expect(filesystem.usage().writes).toEqual({ running: 1, waiting: 0 });
  held.resolve();
  await running;
  expect([...backend.stored.keys()]).toEqual(['/a']);
});

test('the time that a call waits counts towards its own', async () => {
  const { backend, filesystem } = limited({ reads: { limit: 1 } });
  const held = hold(backend, '_get');
  const first = filesystem.get('/a');
  const second = filesystem.get('/b', { timeoutMs: 60_000 });
  await sleep(30);
  held.resolve();
  await Promise.all([first, second]);
  expect(backend.contexts[1]?.remainingMs()).toBeLessThanOrEqual(60_000 - 25);
});

test('the time that a page waits counts towards its own, also that of the first', async () => {
  vi.useFakeTimers();
  try {
    const { backend, filesystem } = limited({ reads: { limit: 1 } });
    const held = hold(backend, '_get');
    backend.before('_scan', never);
    const get = filesystem.get('/a');
    const page = typedRejection(filesystem.entries('/', { timeoutMs: 100 }).next());
    await vi.advanceTimersByTimeAsync(60);
    held.resolve();
    await get;
    expect(backend.count('_scan')).toBe(1);
    await vi.advanceTimersByTimeAsync(40);
    expect(await page).toMatchObject({ code: 'TIMEOUT', operation: 'entries', path: '/' });
  } finally {
    vi.useRealTimers();
  }
});

test('what a caller changes while its put waits changes nothing', async () => {
  const { backend, filesystem } = limited({ writes: { limit: 1 } });
  const held = hold(backend, '_put');
  const first = filesystem.put('/a', entry, 'any');
  const body = Uint8Array.of(1, 2, 3);
  const mine = { body, contentType: 'text/plain' };
  const second = filesystem.put('/b', mine, 'any');
  body.fill(9);
  mine.contentType = 'text/html';
  held.resolve();
  await Promise.all([first, second]);
  expect(backend.stored.get('/b')).toMatchObject({ body: Uint8Array.of(1, 2, 3), contentType: 'text/plain' });
});

test('who has given up before the call hears that, and not that everything is taken', async () => {
  const { backend, filesystem } = limited({ reads: { limit: 1, queue: 0 } });
  const held = hold(backend, '_get');
  const get = filesystem.get('/a');
  expect((await typedRejection(filesystem.get('/b', { signal: AbortSignal.abort() }))).code).toBe('ABORTED');
  expect((await typedRejection(filesystem.get('/b', { timeoutMs: 0 }))).code).toBe('TIMEOUT');
  held.resolve();
  await get;
});

test('what is malformed is refused although everything is taken', async () => {
  const { backend, filesystem } = limited({ reads: { limit: 1, queue: 0 }, writes: { limit: 1, queue: 1 } });
  const held = hold(backend, '_get', '_put');
  const running = [filesystem.get('/a'), filesystem.put('/a', entry, 'any')];
  expect((await typedRejection(filesystem.get('a'))).code).toBe('INVALID_PATH');
  expect((await typedRejection(filesystem.get('/a', { timeoutMs: -1 }))).code).toBe('INVALID_ARGUMENT');
  expect((await typedRejection(filesystem.put('/a', 5 as never, 'any'))).code).toBe('INVALID_ARGUMENT');
  expect((await typedRejection(filesystem.put('/a', entry, '' as never))).code).toBe('INVALID_ARGUMENT');
  expect((await typedRejection(filesystem.delete('/a', 0 as never))).code).toBe('INVALID_ARGUMENT');
  held.resolve();
  await Promise.all(running);
});

test('an iteration takes a permit for each page it fetches, and none while its consumer thinks', async () => {
  const { backend, filesystem } = limited({ reads: { limit: 1, queue: 0 } });
  for (let n = 0; n < 5; n += 1) await filesystem.put(`/${n}`, entry, 'absent');
  const seen: string[] = [];
  backend.after('_scan', () => void seen.push(`page with ${filesystem.usage().reads.running}`));
  for await (const { path } of filesystem.entries('/', { pageSize: 2 })) {
    seen.push(`${path} with ${filesystem.usage().reads.running}`);
    await filesystem.get('/0');
  }
  expect(seen.filter((it) => it.startsWith('page'))).toEqual(['page with 1', 'page with 1', 'page with 1']);
  expect(seen.filter((it) => it.startsWith('/'))).toEqual([0, 1, 2, 3, 4].map((n) => `/${n} with 0`));
  expect(filesystem.usage()).toEqual(IDLE);
});

test('a page that finds no room ends the iteration with OVERLOADED', async () => {
  const { backend, filesystem } = limited({ reads: { limit: 1, queue: 0 } });
  for (let n = 0; n < 3; n += 1) await filesystem.put(`/${n}`, entry, 'absent');
  const iterator = filesystem.entries('/', { pageSize: 1 });
  await iterator.next();
  const held = hold(backend, '_get');
  const get = filesystem.get('/0');
  expect(await typedRejection(iterator.next())).toMatchObject({ code: 'OVERLOADED', operation: 'entries', path: '/' });
  held.resolve();
  await get;
});

test('a read that looks for a lost write counts as a read', async () => {
  const { backend, filesystem } = limited({ reads: { limit: 1 }, writes: { limit: 4 } });
  await filesystem.put('/a', entry, 'any');
  const version = (await filesystem.get('/a'))?.version as never;
  const held = hold(backend, '_get');
  const reading = filesystem.get('/b');
  await settled();
  backend.after('_put', () => {
    throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
  });
  const gets = backend.count('_get');
  const put = filesystem.put('/a', entry, { version });
  await settled();
  expect(backend.count('_get')).toBe(gets);
  held.resolve();
  await reading;
  await put;
  expect(backend.count('_get')).toBeGreaterThan(gets);
  expect(filesystem.usage()).toEqual(IDLE);
});

test('a read that looks for a lost write goes before those who wait, and leaves when nobody needs it any more', async () => {
  const { backend, filesystem } = limited({ reads: { limit: 1, queue: 1 } });
  await filesystem.put('/a', entry, 'any');
  const version = (await filesystem.get('/a'))?.version as never;
  const held = hold(backend, '_get');
  const order: string[] = [];
  const reading = filesystem.get('/b');
  const waiting = filesystem.get('/c').then(() => order.push('the read that waited'));
  const writing = deferred();
  backend.before('_put', () => writing.promise);
  const abort = new AbortController();
  const aborted = typedRejection(filesystem.put('/a', entry, { version }, { signal: abort.signal }));
  abort.abort();
  await settled();
  expect(filesystem.usage()).toEqual({ reads: { running: 1, waiting: 2 }, writes: { running: 1, waiting: 0 } });
  expect(await aborted).toMatchObject({ code: 'ABORTED', outcome: 'unknown' });
  expect(filesystem.usage().reads).toEqual({ running: 1, waiting: 1 });
  writing.resolve();
  await settled();
  backend.heal();
  backend.before('_get', settled);
  backend.after('_put', () => {
    throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
  });
  const current = backend.stored.get('/a')?.version as never;
  const lost = filesystem.put('/a', entry, { version: current }).then(() => order.push('the write'));
  await settled();
  held.resolve();
  await Promise.all([reading, waiting, lost]);
  expect(order).toEqual(['the write', 'the read that waited']);
  expect(filesystem.usage()).toEqual(IDLE);
});

test.each([
  ['with one layer', 1],
  ['with a layer in a layer', 2],
])('1,000 calls that are aborted at random leave nothing behind, %s', async (_name, layers) => {
  const limits = { reads: 7, writes: 3 };
  const backend = new MapFilesystem();
  const running = { reads: 0, writes: 0 };
  const most = { reads: 0, writes: 0 };
  const work = async (lane: 'reads' | 'writes'): Promise<void> => {
    running[lane] += 1;
    most[lane] = Math.max(most[lane], running[lane]);
    await sleep(Math.random() * 4);
    if (Math.random() < 0.2) await nextTurn();
    running[lane] -= 1;
    if (Math.random() < 0.1) throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
  };
  for (const call of ['_get', '_scan'] as const) backend.before(call, () => work('reads'));
  for (const call of ['_put', '_delete'] as const) backend.before(call, () => work('writes'));
  const options = { reads: { limit: limits.reads, queue: 200 }, writes: { limit: limits.writes, queue: 200 } };
  let filesystem = withConcurrencyLimit(backend, options);
  if (layers === 2) filesystem = withConcurrencyLimit(filesystem, options);
  const outcomes = new Set<string>();
  const call = async (n: number): Promise<void> => {
    await sleep(Math.random() * 150);
    const abort = new AbortController();
    const given = n % 3 === 0 ? { timeoutMs: Math.random() * 20 } : { signal: abort.signal };
    void sleep(Math.random() * 20).then(() => abort.abort());
    const path = `/${n % 20}`;
    const calls = [
      () => filesystem.get(path, given),
      () => filesystem.put(path, entry, 'any', given),
      () => filesystem.delete(path, 'any', given),
      () => filesystem.list('/', given),
      () => collect(filesystem.entries('/', { ...given, pageSize: 3 })),
    ];
    await calls[n % calls.length]?.().then(
      () => outcomes.add('done'),
      (error: unknown) => outcomes.add((error as HoldfastError).code),
    );
  };
  await Promise.all(Array.from({ length: 1000 }, (_, n) => call(n)));
  await vi.waitFor(() => expect(running).toEqual({ reads: 0, writes: 0 }), { timeout: 5000 });
  await settled();
  expect(filesystem.usage()).toEqual(IDLE);
  expect(most).toEqual(limits);
  for (const outcome of ['done', 'ABORTED', 'TIMEOUT']) expect(outcomes).toContain(outcome);
  // And everything can be taken again.
  backend.heal();
  const held = hold(backend, '_get');
  const gets = Array.from({ length: limits.reads + 200 }, () => filesystem.get('/a'));
  expect(filesystem.usage().reads).toEqual({ running: limits.reads, waiting: 200 });
  held.resolve();
  await Promise.all(gets);
});

test('who still waits when a close has waited long enough is told so, and nothing of it is applied', async () => {
  vi.useFakeTimers();
  try {
    const { backend, filesystem } = limited({ reads: { limit: 1 }, writes: { limit: 1 } });
    for (const call of ['_get', '_put', '_scan'] as const) backend.before(call, never);
    void filesystem.get('/a').catch(() => {});
    void filesystem.put('/a', entry, 'any').catch(() => {});
    const waiting = {
      get: filesystem.get('/b'),
      put: filesystem.put('/b', entry, 'any'),
      delete: filesystem.delete('/b', 'any'),
      list: filesystem.list('/b'),
      entries: filesystem.entries('/b').next(),
    };
    const errors = Promise.all(Object.values(waiting).map((it) => typedRejection(it)));
    const closing = filesystem.close();
    await vi.advanceTimersByTimeAsync(CLOSE_GRACE_MS);
    await closing;
    for (const [nth, error] of (await errors).entries()) {
      const operation = Object.keys(waiting)[nth];
      const outcome = operation === 'put' || operation === 'delete' ? 'not-applied' : undefined;
      expect(error).toMatchObject({ code: 'CLOSED', operation, path: '/b', outcome });
    }
    expect(filesystem.usage()).toEqual({ reads: { running: 1, waiting: 0 }, writes: { running: 1, waiting: 0 } });
    expect(backend.calls).toEqual(['_get', '_put', '_close']);
  } finally {
    vi.useRealTimers();
  }
});

/** Options that are refused when they are looked at first, and have nothing to refuse later. */
function changing(): { readonly timeoutMs: number } {
  let looks = 0;
  return Object.defineProperty({}, 'timeoutMs', { get: () => (looks++ === 0 ? -1 : undefined), enumerable: true }) as {
    readonly timeoutMs: number;
  };
}

/** The same for an entry and an expectation. */
function changingEntry(): { readonly body: Uint8Array } {
  let looks = 0;
  return Object.defineProperty({}, 'body', { get: () => (looks++ === 0 ? 5 : entry.body), enumerable: true }) as {
    readonly body: Uint8Array;
  };
}

test('options, entries and expectations that change when they are looked at again get nobody past the limit', async () => {
  const { backend, filesystem } = limited({ reads: { limit: 1, queue: 1 }, writes: { limit: 1, queue: 1 } });
  const held = hold(backend, '_get', '_put');
  const running = [filesystem.get('/a'), filesystem.put('/a', entry, 'any')];
  const before = backend.calls.length;
  const calls = [
    () => filesystem.get('/b', changing()),
    () => filesystem.put('/b', entry, 'any', changing()),
    () => filesystem.delete('/b', 'any', changing()),
    () => filesystem.list('/b', changing()),
    () => filesystem.entries('/b', changing()).next(),
    () => filesystem.put('/b', changingEntry(), 'any'),
  ];
  for (const call of calls) expect((await typedRejection(call())).code).toBe('INVALID_ARGUMENT');
  expect(backend.calls.length).toBe(before);
  held.resolve();
  await Promise.all(running);
  expect(filesystem.usage()).toEqual(IDLE);
});

test('of two layers, the outer one keeps its permit too until the backend is done', async () => {
  const backend = new MapFilesystem();
  const inner = withConcurrencyLimit(backend);
  const outer = withConcurrencyLimit(inner);
  const held = hold(backend, '_put');
  const controller = new AbortController();
  const put = typedRejection(outer.put('/a', entry, 'any', { signal: controller.signal }));
  await settled();
  controller.abort();
  expect((await put).code).toBe('ABORTED');
  expect([outer.usage().writes.running, inner.usage().writes.running]).toEqual([1, 1]);
  held.resolve();
  await settled();
  expect([outer.usage(), inner.usage()]).toEqual([IDLE, IDLE]);
});

test('of two layers, the outer one bounds pages too', async () => {
  const backend = new MapFilesystem();
  let [running, most] = [0, 0];
  backend.before('_scan', async () => {
    most = Math.max(most, (running += 1));
    await settled();
    running -= 1;
  });
  const filesystem = withConcurrencyLimit(withConcurrencyLimit(backend, { reads: { limit: 9 } }), {
    reads: { limit: 2 },
  });
  await Promise.all(Array.from({ length: 6 }, () => collect(filesystem.entries('/'))));
  expect(most).toBe(2);
});

test('closing waits for those who wait, refuses who comes after, and closes below', async () => {
  const { backend, filesystem } = limited({ writes: { limit: 1 } });
  const held = hold(backend, '_put');
  const puts = [filesystem.put('/a', entry, 'any'), filesystem.put('/b', entry, 'any')];
  const closing = filesystem.close();
  expect(await typedRejection(filesystem.get('/a'))).toMatchObject({ code: 'CLOSED', operation: 'get', path: '/a' });
  held.resolve();
  await Promise.all(puts);
  await closing;
  expect(backend.calls).toEqual(['_put', '_put', '_close']);
});

test.each([
  { reads: { limit: 0 } },
  { writes: { limit: 1.5 } },
  { reads: { queue: -1 } },
  { writes: { queue: '1' } },
  { writes: 5 },
  { all: {} },
  { reads: { limits: 1 } },
  5,
  null,
])('options %o are refused', (options) => {
  expect(typedThrow(() => withConcurrencyLimit(new MapFilesystem(), options as never)).code).toBe('INVALID_ARGUMENT');
});
