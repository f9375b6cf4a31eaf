import { expect, test } from 'vitest';
import { HoldfastError } from '../src/errors/holdfast-error.ts';
import { withConcurrencyLimit } from '../src/layers/with-concurrency-limit.ts';
import { withPrefix } from '../src/layers/with-prefix.ts';
import { withRetry } from '../src/layers/with-retry.ts';
import { mountTable } from '../src/mounts/mount-table.ts';
import { collect } from './support/collect.ts';
import { WRAPS } from './support/core-wrappers.ts';
import { deferred } from './support/deferred.ts';
import { ROOMY } from './support/encrypted.ts';
import { throwingGetter, THROWERS } from './support/hostile.ts';
import { MapFilesystem } from './support/map-filesystem.ts';
import { typedRejection } from './support/rejection.ts';
import { failOnUnhandledRejections, settled } from './support/unhandled.ts';

failOnUnhandledRejections();

const entry = { body: Uint8Array.of(1) };

test.each(Object.entries(WRAPS))(
  'what a caller changes after a call through %s that waits changes nothing',
  async (_, wrap) => {
    const backend = new MapFilesystem(ROOMY);
    const filesystem = wrap(withConcurrencyLimit(backend, { reads: { limit: 1 }, writes: { limit: 1 } }));
    for (const path of ['/a', '/b', '/c']) await filesystem.put(path, entry, 'absent');
    const expectation = { version: String((await filesystem.get('/b'))?.version) };
    const deletion = { version: String((await filesystem.get('/c'))?.version) };
    const held = deferred();
    for (const call of ['_get', '_put'] as const) backend.before(call, (_context, nth) => (nth > 0 ? held.promise : 0));
    const running = [filesystem.get('/a'), filesystem.put('/a', entry, 'any')];
    const body = Uint8Array.of(2);
    const mine = { body, contentType: 'text/plain' };
    const options: Record<string, unknown> = { after: 'a', limit: 1 };
    const paging: Record<string, unknown> = { after: '/a', pageSize: 1 };
    const put = filesystem.put('/b', mine, expectation);
    const gone = filesystem.delete('/c', deletion);
    const list = filesystem.list('/', options);
    const entries = filesystem.entries('/', paging);
    const first = entries.next();
    body.fill(9);
    mine.contentType = 'text/html';
    expectation.version = 'other';
    deletion.version = 'other';
    Object.assign(options, { after: 'zz', limit: 5, unknown: 1 });
    Object.assign(paging, { after: '/zz', pageSize: 5, unknown: 1 });
    held.resolve();
    await Promise.all([...running, put, gone]);
    expect((await list).children.map(({ name }) => name)).toEqual(['b']);
    expect(await first).toMatchObject({ value: { path: '/b' } });
    await entries.return?.();
    expect(await filesystem.get('/b')).toMatchObject({ body: Uint8Array.of(2), contentType: 'text/plain' });
  },
);

test('what a caller changes while a call is tried again, or an iteration goes on, changes nothing', async () => {
  const backend = new MapFilesystem();
  for (const path of ['/a', '/b', '/c', '/2/a', '/2/b', '/2/c']) await backend.put(path, entry, 'absent');
  const filesystem = withRetry(
    mountTable([
      { at: '/', filesystem: backend },
      { at: '/2', filesystem: withPrefix(backend, '/2'), owned: false },
    ]),
    { backoffMinMs: 0 },
  );
  let busy = 1;
  backend.before('_scan', () => {
    busy -= 1;
    if (busy >= 0) throw new HoldfastError('BUSY', 'held');
  });
  const options: Record<string, unknown> = { limit: 2 };
  const list = filesystem.list('/', options);
  Object.assign(options, { limit: 1, unknown: 1 });
  expect((await list).children).toHaveLength(2);
  const paging: Record<string, unknown> = { pageSize: 1 };
  const entries = filesystem.entries('/', paging);
  await entries.next();
  Object.assign(paging, { pageSize: 2, unknown: 1 });
  busy = 1;
  expect(await collect(entries)).toHaveLength(5);
});

class Inherited {
  get timeoutMs(): number {
    return 60_000;
  }
}

test.each(Object.entries(WRAPS))('options of every sort mean through %s what they mean without', async (_, wrap) => {
  const plain = new MapFilesystem(ROOMY);
  const filesystem = withConcurrencyLimit(wrap(new MapFilesystem(ROOMY)), {
    reads: { limit: 1 },
    writes: { limit: 1 },
  });
  const sorts: readonly unknown[] = [
    ...THROWERS.map(([, make]) => make()),
    throwingGetter('timeoutMs'),
    throwingGetter('unknown'),
    Object.defineProperty({}, 'hidden', { value: 1, enumerable: false }),
    JSON.parse('{"__proto__": {"timeoutMs": -1}}'),
    { [Symbol('s')]: 1 },
    { timeoutMs: undefined },
    new Inherited(),
    Object.create({ timeoutMs: -1 }),
    Object.create({ unknown: 1 }),
    Object.freeze({ timeoutMs: 60_000 }),
    [],
    () => 1,
    5,
    null,
  ];
  const codes = async (fs: typeof plain | typeof filesystem, options: never): Promise<unknown[]> => {
    const calls = [
      fs.get('/a', options),
      fs.put('/a', entry, 'any', options),
      fs.delete('/a', 'any', options),
      fs.list('/', options),
      fs.entries('/', options).next(),
    ];
    return Promise.all(
      calls.map((call) =>
        (call as Promise<unknown>).then(
          () => 'done',
          (error: unknown) => (error as HoldfastError).code,
        ),
      ),
    );
  };
  for (const options of sorts) {
    expect(await codes(filesystem, options as never)).toEqual(await codes(plain, options as never));
  }
  await settled();
  expect(filesystem.usage().reads).toEqual({ running: 0, waiting: 0 });
});

test('an option is read once, so that it cannot say one thing to a layer and another below it', async () => {
  const backend = new MapFilesystem();
  let reads = 0;
  const options = {
    get timeoutMs() {
      reads += 1;
      return reads === 1 ? 1000 : undefined;
    },
  };
  await withConcurrencyLimit(backend).get('/a', options);
  expect(reads).toBe(1);
  expect(backend.contexts[0]?.remainingMs()).toBeLessThanOrEqual(1000);
});

test('what is no path of an entry is refused although everything is taken', async () => {
  const backend = new MapFilesystem();
  const filesystem = withConcurrencyLimit(backend, { reads: { limit: 1, queue: 0 } });
  const held = deferred();
  backend.before('_get', () => held.promise);
  const get = filesystem.get('/a');
  expect((await typedRejection(filesystem.get('/'))).code).toBe('INVALID_PATH');
  held.resolve();
  await get;
});

test.each(Object.entries(WRAPS))(
  'a signal that throws when it is listened to aborts its call through %s, and nothing else',
  async (_, wrap) => {
    const backend = new MapFilesystem(ROOMY);
    const limits = { reads: { limit: 1 }, writes: { limit: 1 } };
    const filesystem = withConcurrencyLimit(wrap(withConcurrencyLimit(backend, limits)), { reads: { limit: 5 } });
    const held = deferred();
    for (const call of ['_get', '_put'] as const) backend.before(call, () => held.promise);
    const running = [filesystem.get('/a'), filesystem.put('/a', entry, 'any')];
    const boom = (): never => {
      throw new Error('boom');
    };
    const signal = { aborted: false, addEventListener: boom, removeEventListener: boom };
    const options = { signal } as never;
    const calls = [
      filesystem.get('/a', options),
      filesystem.put('/a', entry, 'any', options),
      filesystem.list('/', options),
      filesystem.entries('/', options).next(),
    ];
    const ended = Promise.all(calls.map(async (call) => (await typedRejection(call as Promise<unknown>)).code));
    await settled();
    held.resolve();
    expect(await ended).toEqual(['ABORTED', 'ABORTED', 'ABORTED', 'ABORTED']);
    await Promise.all(running);
    await settled();
    expect(filesystem.usage()).toEqual({ reads: { running: 0, waiting: 0 }, writes: { running: 0, waiting: 0 } });
  },
);
