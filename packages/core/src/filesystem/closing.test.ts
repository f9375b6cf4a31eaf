import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { deferred, never } from '../../test/support/deferred.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections, settled } from '../../test/support/unhandled.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { withConcurrencyLimit } from '../layers/with-concurrency-limit.ts';
import { withPrefix } from '../layers/with-prefix.ts';
import { withReadOnly } from '../layers/with-read-only.ts';
import { withRetry } from '../layers/with-retry.ts';
import { withTimeout } from '../layers/with-timeout.ts';
import { mountTable } from '../mounts/mount-table.ts';
import { pause } from '../timing/pause.ts';
import { CLOSE_GRACE_MS } from './in-flight.ts';
import { IN_FLIGHT_GRACE_MS } from './mutation.ts';
import type { RootFilesystem } from './root-filesystem.ts';

failOnUnhandledRejections();
beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const entry = { body: Uint8Array.of(1) };
const options = { timeoutMs: 10 };

test('every operation is refused from the moment of the close on', async () => {
  const filesystem = new MapFilesystem();
  const closing = filesystem.close();
  const calls = {
    get: () => filesystem.get('/a'),
    put: () => filesystem.put('/a', entry, 'any'),
    delete: () => filesystem.delete('/a', 'any'),
    list: () => filesystem.list('/a'),
    entries: () => filesystem.entries('/a').next(),
  };
  for (const [operation, call] of Object.entries(calls)) {
    expect(await typedRejection(call())).toMatchObject({ code: 'CLOSED', operation, path: '/a' });
  }
  expect(await typedRejection(calls.put())).toMatchObject({ outcome: 'not-applied' });
  await closing;
  expect(filesystem.calls).toEqual(['_close']);
});

test('closing again gives the same promise, and closes once', async () => {
  const filesystem = new MapFilesystem();
  const closing = filesystem.close();
  expect(filesystem.close()).toBe(closing);
  expect(filesystem[Symbol.asyncDispose]()).toBe(closing);
  await closing;
  expect(filesystem.close()).toBe(closing);
  expect(filesystem.count('_close')).toBe(1);
});

test('`await using` closes', async () => {
  const seen: MapFilesystem[] = [];
  {
    await using filesystem = new MapFilesystem();
    seen.push(filesystem);
    await filesystem.put('/a', entry, 'any');
  }
  expect(seen[0]?.calls).toEqual(['_put', '_close']);
});

test('what the capabilities are can still be asked', async () => {
  const filesystem = new MapFilesystem();
  await filesystem.close();
  expect(filesystem.capabilitiesAt('/a').cas).toBe('versioned');
});

test('the backend is released after the operations under way have ended, each with its own answer', async () => {
  const filesystem = new MapFilesystem();
  const held = deferred();
  for (const call of ['_get', '_put', '_scan'] as const) filesystem.before(call, () => held.promise);
  const work = [filesystem.get('/a'), filesystem.put('/a', entry, 'any'), filesystem.list('/')];
  const closing = filesystem.close();
  await vi.advanceTimersByTimeAsync(CLOSE_GRACE_MS - 1);
  expect(filesystem.count('_close')).toBe(0);
  held.resolve();
  await closing;
  await Promise.all(work);
  expect(filesystem.count('_close')).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('one that hangs is waited for no longer than the grace', async () => {
  const filesystem = new MapFilesystem();
  filesystem.before('_get', never);
  void filesystem.get('/a');
  const closing = filesystem.close();
  await vi.advanceTimersByTimeAsync(CLOSE_GRACE_MS);
  await closing;
  expect(filesystem.count('_close')).toBe(1);
});

test('one that hangs below a stack is waited for once, and not in every part of it', async () => {
  const filesystem = new MapFilesystem();
  filesystem.before('_get', never);
  const layered = withRetry(withConcurrencyLimit(withPrefix(withTimeout(filesystem, { timeoutMs: 60_000 }), '/p')));
  const table = mountTable([{ at: '/m', filesystem: withReadOnly(layered) }]);
  void table.get('/m/a').catch(() => {});
  const closing = table.close();
  await vi.advanceTimersByTimeAsync(CLOSE_GRACE_MS - 1);
  expect(filesystem.count('_close')).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  await closing;
  expect(filesystem.count('_close')).toBe(1);
});

test('waiting and releasing take no longer than the grace together, in a whole stack, and what fails later fails unheard', async () => {
  const filesystems = [new MapFilesystem(), new MapFilesystem(), new MapFilesystem()];
  const releases = filesystems.map(() => deferred());
  const answer = deferred();
  const mounts = filesystems.map((filesystem, index) => {
    filesystem.before('_get', () => answer.promise);
    filesystem.before('_close', () => releases[index]?.promise);
    return { at: `/${index}`, filesystem: withRetry(filesystem) };
  });
  const table = mountTable(mounts);
  const work = [0, 1, 2].map((index) => table.get(`/${index}/a`));
  let isClosed = false;
  const closing = table.close().then(() => (isClosed = true));
  await vi.advanceTimersByTimeAsync(CLOSE_GRACE_MS - 1000);
  answer.resolve();
  await Promise.all(work);
  await vi.advanceTimersByTimeAsync(999);
  expect(filesystems.map((filesystem) => filesystem.count('_close'))).toEqual([1, 1, 1]);
  expect(isClosed).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await closing;
  for (const release of releases) release.reject(new Error('late'));
  await settled();
  expect(vi.getTimerCount()).toBe(0);
});

test('a filesystem that is closed by itself waits for its own, also after a stack that waited in vain', async () => {
  const [hung, slow] = [new MapFilesystem(), new MapFilesystem()];
  hung.before('_get', never);
  slow.before('_get', () => pause(1000, undefined));
  const layer = withRetry(hung);
  void layer.get('/a').catch(() => {});
  const closings = [layer.close()];
  await vi.advanceTimersByTimeAsync(CLOSE_GRACE_MS);
  const answer = slow.get('/a');
  closings.push(slow.close());
  await vi.advanceTimersByTimeAsync(999);
  expect(slow.count('_close')).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  await Promise.all([...closings, answer]);
});

test.each([
  ['withPrefix', (below: RootFilesystem) => withPrefix(below, '/p')],
  ['withReadOnly', withReadOnly],
  ['withRetry', (below: RootFilesystem) => withRetry(below)],
  ['mountTable', (below: RootFilesystem) => mountTable([{ at: '/', filesystem: below }])],
] as const)('what a stranger fails to close with is an error of the close, through %s too', async (_, wrap) => {
  for (const close of [
    () => Promise.reject(new Error('postgres://user:password@host')),
    () => {
      throw new Error('postgres://user:password@host');
    },
  ]) {
    const stranger = { capabilitiesAt: () => ({}), get: async () => undefined, close } as unknown as RootFilesystem;
    const error = await typedRejection(wrap(stranger).close());
    expect(error).toMatchObject({ code: 'BACKEND_FAILED', operation: 'close' });
    expect(error.message).not.toContain('password');
  }
});

test('a call whose caller gave up is still under way', async () => {
  const filesystem = new MapFilesystem();
  const held = deferred();
  filesystem.before('_get', () => held.promise);
  expect(await rejection(filesystem.get('/a', { signal: AbortSignal.abort() }))).toBeDefined();
  const controller = new AbortController();
  const pending = typedRejection(filesystem.get('/a', { signal: controller.signal }));
  controller.abort();
  expect(await pending).toMatchObject({ code: 'ABORTED' });
  const closing = filesystem.close();
  await vi.advanceTimersByTimeAsync(1);
  expect(filesystem.count('_close')).toBe(0);
  held.resolve();
  await closing;
  expect(filesystem.count('_close')).toBe(1);
});

test.each(['_put', '_delete', '_get'] as const)('so is %s, of a write whose caller gave up', async (last) => {
  const filesystem = new MapFilesystem();
  const held = deferred();
  filesystem.before(last, () => held.promise);
  // Where only the look at what became of the write goes on, the write itself is answered too late.
  if (last === '_get')
    filesystem.before('_put', () => pause(20, undefined).then(() => Promise.reject(new Error('late'))));
  const write =
    last === '_delete' ? filesystem.delete('/a', 'any', options) : filesystem.put('/a', entry, 'any', options);
  const pending = rejection(write);
  await vi.advanceTimersByTimeAsync(options.timeoutMs + IN_FLIGHT_GRACE_MS);
  expect(await pending).toMatchObject({ code: 'TIMEOUT', outcome: 'unknown' });
  const closing = filesystem.close();
  await vi.advanceTimersByTimeAsync(1);
  expect(filesystem.count('_close')).toBe(0);
  held.resolve();
  await closing;
  expect(filesystem.count('_close')).toBe(1);
});

test('a lost reply is looked into before the backend is released', async () => {
  const filesystem = new MapFilesystem();
  filesystem.after('_put', () => {
    throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
  });
  filesystem.before('_get', (_, nth) => {
    if (nth < 3) throw new HoldfastError('UNAVAILABLE', 'cut');
  });
  const pending = filesystem.put('/a', entry, 'any');
  const closing = filesystem.close();
  await vi.advanceTimersByTimeAsync(100);
  await Promise.all([pending, closing]);
  expect(filesystem.calls).toEqual(['_put', '_get', '_get', '_get', '_close']);
});

test('an iteration that goes on after the close is refused at its next page', async () => {
  const filesystem = new MapFilesystem();
  for (const path of ['/a', '/b', '/c']) await filesystem.put(path, entry, 'any');
  const seen: string[] = [];
  const iterate = async (): Promise<void> => {
    for await (const { path } of filesystem.entries('/', { pageSize: 2 })) {
      seen.push(path);
      await filesystem.close();
    }
  };
  expect(await typedRejection(iterate())).toMatchObject({ code: 'CLOSED', operation: 'entries' });
  expect(seen).toEqual(['/a', '/b']);
});

test.each<[string, unknown, object]>([
  ['a raw error', new Error('secret'), { code: 'BACKEND_FAILED', operation: 'close', message: 'the backend failed' }],
  ['a typed one', new HoldfastError('UNAVAILABLE', 'gone'), { code: 'UNAVAILABLE', operation: 'close' }],
])('a backend that cannot be released with %s rejects with a typed one, every time', async (_, thrown, expected) => {
  const filesystem = new MapFilesystem();
  filesystem.before('_close', () => Promise.reject(thrown));
  expect(await typedRejection(filesystem.close())).toMatchObject(expected);
  expect(await typedRejection(filesystem.close())).toMatchObject(expected);
});

test('a rejection that comes after the close is nobody’s', async () => {
  const filesystem = new MapFilesystem();
  const held = deferred();
  filesystem.before('_get', () => held.promise);
  const pending = typedRejection(filesystem.get('/a', { timeoutMs: 10 }));
  await vi.advanceTimersByTimeAsync(10);
  expect(await pending).toMatchObject({ code: 'TIMEOUT' });
  const closing = filesystem.close();
  await vi.advanceTimersByTimeAsync(CLOSE_GRACE_MS);
  await closing;
  held.reject(new Error('late'));
  await settled();
});
