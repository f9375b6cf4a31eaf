import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deferred } from '../../test/support/deferred.ts';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { EVERYTHING, MapFilesystem } from '../../test/support/map-filesystem.ts';
import { PlainFilesystem } from '../../test/support/plain-filesystem.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { CasApply } from '../cas/cas-apply.ts';
import type { CasUpdateOptions } from '../cas/cas-options.ts';
import { casUpdate } from '../cas/cas-update.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { clock } from '../timing/clock.ts';
import { scopedView } from '../views/scoped-view.ts';
import { ROUND_WAIT_MS } from './round.ts';
import { DECIDING_MS } from './sequence.ts';

failOnUnhandledRejections();
beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const codec = jsonCodec<number>({ kind: 'n' });
type Options = CasUpdateOptions<number>;

const add = (filesystem: RootFilesystem, by = 1, options?: Options) =>
  casUpdate(filesystem, '/n', codec, (n = 0) => CasApply.write(n + by, `from ${n}`), options);
const look = (filesystem: RootFilesystem) => casUpdate(filesystem, '/n', codec, (n) => CasApply.noOp(n));
const remove = (filesystem: RootFilesystem) => casUpdate(filesystem, '/n', codec, (n) => CasApply.delete(n));
const put = async (filesystem: RootFilesystem, n: number) => filesystem.put('/n', await codec.encode(n), 'any');

/** The snapshot that an update ended with, or the code of its error. */
const endOf = (it: PromiseSettledResult<{ readonly snapshot: number | undefined }>): unknown =>
  it.status === 'fulfilled' ? it.value.snapshot : (it.reason as HoldfastError).code;

const nextTurn = () => new Promise<void>((resolve) => clock.setImmediate(resolve));

/** Lets all happen that needs no time. */
const settle = () => vi.advanceTimersByTimeAsync(0);

test('updates that begin together are one read and one write, each with an outcome, a state and a version of its own', async () => {
  const filesystem = new MapFilesystem();
  const results = await Promise.all(Array.from({ length: 64 }, () => add(filesystem)));
  expect(filesystem.calls).toEqual(['_get', '_put']);
  expect(results.map(({ snapshot, outcome }) => [snapshot, outcome])).toEqual(
    results.map((_, index) => [index + 1, `from ${index}`]),
  );
  expect(results.every(({ attempts, written }) => attempts === 1 && written)).toBe(true);
  expect(new Set(results.map(({ version }) => version)).size).toBe(64);
  expect(results.at(-1)?.version).toBe(filesystem.stored.get('/n')?.version);
});

test('whoever writes on the version of one that is not the last is refused', async () => {
  const filesystem = new MapFilesystem();
  const [first, last] = await Promise.all([add(filesystem), add(filesystem)]);
  const entry = await codec.encode(9);
  const refused = typedRejection(filesystem.put('/n', entry, { version: first.version }));
  expect((await refused).code).toBe('VERSION_MISMATCH');
  await filesystem.put('/n', entry, { version: last.version });
});

test('one that is not to be combined reads and writes by itself', async () => {
  const filesystem = new PlainFilesystem();
  const alone = { combine: false, backoffMinMs: 0 };
  const updates = Promise.all([add(filesystem.asRoot, 1, alone), add(filesystem.asRoot, 1, alone)]);
  await vi.runAllTimersAsync();
  expect((await updates).map(({ attempts }) => attempts)).toEqual([1, 2]);
  expect(filesystem.methods).toEqual(['get', 'get', 'put', 'put', 'get', 'put']);
});

test('a stranger that checks what it is given is asked for no more than by one alone', async () => {
  const filesystem = new MapFilesystem();
  const { capabilitiesAt, get, put: own } = filesystem;
  const asked = { capabilitiesAt, get, put: own };
  for (const [name, method] of Object.entries(asked)) Object.assign(asked, { [name]: method.bind(filesystem) });
  await Promise.all([add(asked as unknown as RootFilesystem), add(asked as unknown as RootFilesystem)]);
  expect(filesystem.calls).toEqual(['_get', '_put']);
});

test('updates of other paths, or through another filesystem object, are not combined', async () => {
  const filesystem = new MapFilesystem();
  await Promise.all(['/a', '/b'].map((path) => casUpdate(filesystem, path, codec, () => CasApply.write(1))));
  expect(filesystem.calls).toEqual(['_get', '_get', '_put', '_put']);
});

test('an update that is alone starts no timer', async () => {
  const filesystem = new PlainFilesystem();
  const timers: number[] = [];
  filesystem.before = () => void timers.push(vi.getTimerCount());
  const before = vi.spyOn(globalThis, 'setTimeout');
  await add(filesystem.asRoot);
  const started = before.mock.calls.map(([, ms]) => ms);
  // While the timers are faked: later it would put the fake back in the place of the real one.
  vi.restoreAllMocks();
  // Its deadline, which is waited for with the stranger who may not keep to it.
  expect(started).toEqual([15_000]);
  expect(timers).toHaveLength(2);
});

test('who fails or changes nothing affects only itself', async () => {
  const filesystem = new MapFilesystem();
  await put(filesystem, 10);
  filesystem.calls.length = 0;
  const mine = new Error('mine');
  const broken = (part: 'encode' | 'decode') => ({
    ...codec,
    [part]: () => {
      throw mine;
    },
  });
  const fail = (): never => {
    throw mine;
  };
  const results = await Promise.allSettled([
    add(filesystem),
    casUpdate(filesystem, '/n', codec, fail),
    casUpdate(filesystem, '/n', broken('encode'), (n = 0) => CasApply.write(n + 100)),
    casUpdate(filesystem, '/n', broken('decode'), (n = 0) => CasApply.write(n + 100)),
    casUpdate(filesystem, '/n', codec, () => 'no decision' as never),
    look(filesystem),
    casUpdate(filesystem, '/n', codec, (n = 0) => CasApply.write(n, 'same')),
    add(filesystem),
  ]);
  expect(filesystem.calls).toEqual(['_get', '_put']);
  expect(results.map((it) => (it.status === 'fulfilled' ? it.value.snapshot : (it.reason as unknown)))).toEqual([
    11,
    mine,
    mine,
    mine,
    expect.objectContaining({ code: 'INVALID_ARGUMENT', outcome: 'not-applied' }),
    11,
    11,
    12,
  ]);
});

test('states pass through the codec of each, and nobody changes what another has', async () => {
  const filesystem = new MapFilesystem();
  const lists = jsonCodec<string[]>({ kind: 'n' });
  const append = (name: string) =>
    casUpdate(filesystem, '/n', lists, (list = []) => {
      list.push(name);
      return CasApply.write(list);
    });
  const [a, b] = await Promise.all([append('a'), append('b')]);
  expect([a.snapshot, b.snapshot]).toEqual([['a'], ['a', 'b']]);
});

test('what was decided on changes of others is believed only when they are written', async () => {
  const filesystem = new MapFilesystem();
  filesystem.before('_put', async (_, nth) => {
    // Somebody else is faster.
    if (nth === 1) filesystem.stored.set('/n', { ...(await entryOf(100)), version: 'theirs' } as never);
  });
  const adding = add(filesystem);
  const refuse = casUpdate(filesystem, '/n', codec, (n): never => {
    throw new Error(`saw ${n}`);
  });
  const noOp = look(filesystem);
  const all = Promise.allSettled([adding, refuse, noOp]);
  await vi.runAllTimersAsync();
  const [added, refused, looked] = await all;
  expect(added).toMatchObject({ value: { attempts: 2 } });
  expect(String((refused as PromiseRejectedResult).reason)).toMatch(/saw (100|101)$/);
  expect((looked as { value: { outcome: number; attempts: number } }).value).toMatchObject({ attempts: 2 });
});

const entryOf = async (n: number) => ({ contentType: 'application/json', path: '/n', ...(await codec.encode(n)) });

test('who begins when the record has been read is told nothing of that, if nothing is written', async () => {
  const filesystem = new PlainFilesystem();
  await put(filesystem.asRoot, 1).catch(() => add(filesystem.asRoot));
  const [read, held] = [deferred(), deferred()];
  filesystem.after = ({ method }, nth) => {
    if (method !== 'get' || nth !== 2) return undefined;
    read.resolve();
    return held.promise;
  };
  const early = look(filesystem.asRoot);
  await read.promise;
  const changed = add(filesystem.asRoot, 1, { combine: false });
  await changed;
  const late = look(filesystem.asRoot);
  held.resolve();
  expect([(await early).outcome, (await late).outcome]).toEqual([1, 2]);
});

test('who comes while a round writes waits for it, and all who did are the next', async () => {
  const filesystem = new PlainFilesystem();
  const held = deferred();
  filesystem.before = ({ method }, nth) => (method === 'put' && nth === 1 ? held.promise : undefined);
  const first = add(filesystem.asRoot);
  await settle();
  const others = Array.from({ length: 63 }, () => add(filesystem.asRoot));
  await settle();
  expect(filesystem.methods).toEqual(['get', 'put']);
  held.resolve();
  await Promise.all([first, ...others]);
  expect(filesystem.methods).toEqual(['get', 'put', 'get', 'put']);
});

test('nobody waits long for a read that hangs', async () => {
  const filesystem = new PlainFilesystem();
  const held = deferred();
  filesystem.before = ({ method }, nth) => (method === 'get' && nth === 1 ? held.promise : undefined);
  const hung = add(filesystem.asRoot);
  const other = add(filesystem.asRoot);
  await vi.advanceTimersByTimeAsync(ROUND_WAIT_MS);
  expect(await other).toMatchObject({ snapshot: 1 });
  held.resolve();
  expect(await hung).toMatchObject({ snapshot: 2 });
});

test('nobody waits for an apply that does not decide at once, wherever it stands', async () => {
  const filesystem = new MapFilesystem();
  const held = deferred();
  const hang = () =>
    casUpdate(filesystem, '/n', codec, async (n = 0) => {
      await held.promise;
      return CasApply.write(n + 10);
    });
  const hung = [hang()];
  const others = [add(filesystem)];
  hung.push(hang());
  others.push(add(filesystem));
  // For the first that is late no longer than that, and for the second not even so long.
  await vi.advanceTimersByTimeAsync(2 * DECIDING_MS);
  await nextTurn();
  expect((await Promise.all(others)).map(({ snapshot }) => snapshot)).toEqual([1, 2]);
  expect(filesystem.count('_put')).toBe(1);
  held.resolve();
  const all = Promise.all(hung);
  await vi.runAllTimersAsync();
  expect(new Set((await all).map(({ snapshot }) => snapshot))).toEqual(new Set([12, 22]));
});

test('who decides in time, if not at once, is carried too', async () => {
  const filesystem = new MapFilesystem();
  const slowly = () =>
    casUpdate(filesystem, '/n', codec, async (n = 0) => {
      await new Promise((resolve) => void setTimeout(resolve, 1));
      return CasApply.write(n + 1);
    });
  const all = Promise.all([slowly(), slowly(), slowly()]);
  await vi.advanceTimersByTimeAsync(3);
  expect((await all).map(({ snapshot }) => snapshot)).toEqual([1, 2, 3]);
  expect(filesystem.calls).toEqual(['_get', '_put']);
});

test('a conflict of the write is a conflict of everybody, and ends those that may make no more attempts', async () => {
  const filesystem = new MapFilesystem();
  filesystem.before('_put', (_, nth) => {
    if (nth === 1) throw new HoldfastError('VERSION_MISMATCH', 'faster');
  });
  const all = Promise.allSettled([add(filesystem), add(filesystem, 1, { maxAttempts: 1 }), add(filesystem)]);
  await vi.runAllTimersAsync();
  const [first, second, third] = await all;
  expect([first, third]).toMatchObject([{ value: { attempts: 2 } }, { value: { attempts: 2 } }]);
  expect(second).toMatchObject({ reason: { code: 'RETRIES_EXHAUSTED', cause: { message: 'faster' } } });
});

test('who gives up while the write is under way is told so, and the others are not affected', async () => {
  const filesystem = new MapFilesystem();
  const held = deferred();
  filesystem.before('_put', () => held.promise);
  const controller = new AbortController();
  const reason = new Error('enough');
  const gaveUp = typedRejection(add(filesystem, 1, { signal: controller.signal }));
  const late = typedRejection(add(filesystem, 1, { timeoutMs: 50 }));
  const stays = add(filesystem);
  await settle();
  controller.abort(reason);
  // As long as a write of its own would have.
  await vi.advanceTimersByTimeAsync(600);
  const error = await gaveUp;
  expect(error).toMatchObject({ code: 'ABORTED', operation: 'casUpdate', path: '/n', outcome: 'unknown' });
  expect(error.rawCause()).toBe(reason);
  expect(await late).toMatchObject({ code: 'TIMEOUT', outcome: 'unknown' });
  expect(filesystem.contexts.at(-1)?.signal.aborted).toBe(false);
  held.resolve();
  expect(await stays).toMatchObject({ snapshot: 3, attempts: 1 });
});

test('who gives up and is answered shortly after has its result', async () => {
  const filesystem = new MapFilesystem();
  const held = deferred();
  filesystem.before('_put', () => held.promise);
  const controller = new AbortController();
  const gaveUp = add(filesystem, 1, { signal: controller.signal });
  const stays = add(filesystem);
  await settle();
  controller.abort();
  await settle();
  held.resolve();
  expect([(await gaveUp).snapshot, (await stays).snapshot]).toEqual([1, 2]);
});

test('the write is cancelled when all that it carries have given up', async () => {
  const filesystem = new MapFilesystem();
  filesystem.before('_put', () => new Promise(() => {}));
  const both = Promise.all([100, 200].map((timeoutMs) => typedRejection(add(filesystem, 1, { timeoutMs }))));
  await settle();
  const signal = filesystem.contexts.at(-1)?.signal;
  await vi.advanceTimersByTimeAsync(150);
  expect(signal?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(50);
  expect(signal?.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await both).toMatchObject([
    { code: 'TIMEOUT', outcome: 'unknown' },
    { code: 'TIMEOUT', outcome: 'unknown' },
  ]);
});

test('a reply that is lost for good is told to everybody who wrote, by an error of its own, and whoever did not looks again', async () => {
  const filesystem = new PlainFilesystem();
  filesystem.after = ({ method }) => {
    if (method === 'put') throw new HoldfastError('OUTCOME_UNKNOWN', 'lost', { outcome: 'unknown' });
  };
  const both = [add(filesystem.asRoot), add(filesystem.asRoot)].map((it) => typedRejection(it));
  const looks = look(filesystem.asRoot);
  const errors = await Promise.all(both);
  for (const error of errors) expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', outcome: 'unknown', path: '/n' });
  expect(errors[0]).not.toBe(errors[1]);
  expect(await looks).toMatchObject({ outcome: 2 });
  expect(filesystem.count('put')).toBe(1);
});

test('an entry that the backend would refuse is refused to its caller alone', async () => {
  const filesystem = new MapFilesystem({ ...EVERYTHING, maxBodyBytes: 3 });
  const results = Promise.allSettled([add(filesystem), add(filesystem, 10_000), add(filesystem)]);
  expect((await results).map(endOf)).toEqual([1, 'BODY_TOO_LARGE', 2]);
});

test('when their write is refused for good, each goes on by itself, since it may be the fault of one', async () => {
  const filesystem = new PlainFilesystem();
  const { put: own } = filesystem;
  Object.assign(filesystem, {
    put: async (...given: Parameters<typeof own>) => {
      if (given[1].body.byteLength > 3) throw new HoldfastError('STORAGE_FULL', 'full', { outcome: 'not-applied' });
      return await own.apply(filesystem, given);
    },
  });
  const all = Promise.allSettled([add(filesystem.asRoot), add(filesystem.asRoot, 10_000), add(filesystem.asRoot)]);
  await vi.runAllTimersAsync();
  const ends = (await all).map(endOf);
  expect(ends).toEqual([expect.any(Number), 'STORAGE_FULL', expect.any(Number)]);
});

test('a delete carries nobody, and is carried by nobody', async () => {
  const filesystem = new MapFilesystem();
  await put(filesystem, 5);
  filesystem.calls.length = 0;
  const results = await Promise.all([add(filesystem), remove(filesystem), look(filesystem), add(filesystem)]);
  expect(results.map(({ outcome, written }) => [outcome, written])).toEqual([
    ['from 5', true],
    [6, true],
    [undefined, false],
    ['from 0', true],
  ]);
  expect(filesystem.calls.filter((it) => it !== '_get')).toEqual(['_put', '_delete', '_put']);
});

test('so nobody has done what is not permitted', async () => {
  const store = new MapFilesystem();
  await put(store, 5);
  const view = (permissions: readonly ('read' | 'write' | 'delete')[]) =>
    scopedView(store, [{ at: '/', permissions: [...permissions] }]);
  const writing = view(['read', 'write']);
  const [denied, added] = await Promise.allSettled([remove(writing), add(writing)]);
  expect([denied, added]).toMatchObject([{ reason: { code: 'ACCESS_DENIED' } }, { value: { snapshot: 6 } }]);
  const deleting = view(['read', 'delete']);
  const [refused, gone] = await Promise.allSettled([add(deleting), remove(deleting)]);
  expect([refused, gone]).toMatchObject([{ reason: { code: 'ACCESS_DENIED' } }, { value: { outcome: 6 } }]);
});

test('what is the callers runs in the async context of each', async () => {
  const filesystem = new MapFilesystem();
  const storage = new AsyncLocalStorage<number>();
  const seen: unknown[] = [];
  const own = (name: number) => ({
    encode: (n: number) => (seen.push([name, storage.getStore()]), codec.encode(n)),
    decode: (stored: Parameters<typeof codec.decode>[0]) => (
      seen.push([name, storage.getStore()]),
      codec.decode(stored)
    ),
  });
  const as = (name: number) =>
    storage.run(name, () =>
      casUpdate(filesystem, '/n', own(name), async (n = 0) => {
        seen.push([name, storage.getStore()]);
        return CasApply.write(n + 1);
      }),
    );
  await Promise.all([as(1), as(2), as(3)]);
  expect(filesystem.count('_put')).toBe(1);
  expect(seen).toHaveLength(8);
  for (const [name, store] of seen as [number, number][]) expect(store).toBe(name);
});

test('when whoever reads for all gives up, the others go on together', async () => {
  const filesystem = new PlainFilesystem();
  filesystem.before = ({ method }, nth) => (method === 'get' && nth === 1 ? new Promise(() => {}) : undefined);
  const controller = new AbortController();
  const gaveUp = typedRejection(add(filesystem.asRoot, 1, { signal: controller.signal }));
  const others = Promise.all([add(filesystem.asRoot), add(filesystem.asRoot)]);
  await settle();
  controller.abort();
  expect(await gaveUp).toMatchObject({ code: 'ABORTED', outcome: 'not-applied' });
  expect((await others).map(({ snapshot }) => snapshot)).toEqual([1, 2]);
  expect(filesystem.methods).toEqual(['get', 'get', 'put']);
});

test('one that gives up while it waits is not waited for', async () => {
  const filesystem = new PlainFilesystem();
  const held = deferred();
  filesystem.before = ({ method }, nth) => (method === 'put' && nth === 1 ? held.promise : undefined);
  const first = add(filesystem.asRoot);
  await settle();
  const late = typedRejection(add(filesystem.asRoot, 1, { timeoutMs: 10 }));
  const stays = add(filesystem.asRoot);
  await vi.advanceTimersByTimeAsync(10);
  expect(await late).toMatchObject({ code: 'TIMEOUT', outcome: 'not-applied' });
  held.resolve();
  expect([(await first).snapshot, (await stays).snapshot]).toEqual([1, 2]);
});

test('an error of the read for all is no error of the others, who read themselves', async () => {
  const filesystem = new MapFilesystem();
  filesystem.before('_get', (_, nth) => {
    if (nth === 1) throw new HoldfastError('UNAVAILABLE', 'cut');
  });
  const failed = rejection(add(filesystem));
  const other = add(filesystem);
  expect(await failed).toMatchObject({ code: 'UNAVAILABLE', operation: 'casUpdate' });
  expect(await other).toMatchObject({ snapshot: 1 });
});
