import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { countingController } from '../../test/support/counting-signal.ts';
import { deferred, never } from '../../test/support/deferred.ts';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { JUNK, THROWERS } from '../../test/support/hostile.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection } from '../../test/support/rejection.ts';
import { stranger } from '../../test/support/stranger.ts';
import { Spans } from '../../test/support/telemetry.ts';
import { failOnUnhandledRejections, settled } from '../../test/support/unhandled.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { withConcurrencyLimit } from '../layers/with-concurrency-limit.ts';
import { withPrefix } from '../layers/with-prefix.ts';
import { withRetry } from '../layers/with-retry.ts';
import { withTracing } from '../layers/with-tracing.ts';
import { mountTable } from '../mounts/mount-table.ts';
import type { Found } from '../operations/get-many/get-many-arguments.ts';
import { GET_MANY_CONCURRENCY } from '../operations/get-many/get-each.ts';
import { MAX_GET_MANY_PATHS } from '../operations/get-many/parse-paths.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import { scopedView } from '../views/scoped-view.ts';
import { getMany } from './get-many.ts';

failOnUnhandledRejections();
beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const body = (n: number): Uint8Array => Uint8Array.of(n);

async function withEntries(...names: readonly number[]): Promise<MapFilesystem> {
  const filesystem = new MapFilesystem();
  for (const name of names) await filesystem.put(`/${name}`, { body: body(name) }, 'absent');
  filesystem.calls.length = 0;
  return filesystem;
}

test('it answers in the order of the paths, whichever is read first, and undefined where nothing is', async () => {
  const filesystem = await withEntries(1, 3, 5, 7);
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(fc.nat(8), { maxLength: 25 }), async (scheduler, names) => {
      const slow = stranger(filesystem, { get: (path: string) => scheduler.schedule(filesystem.get(path)) });
      const found = await scheduler.waitFor(
        getMany(
          slow,
          names.map((name) => `/${name}`),
        ),
      );
      expect(found.map((it) => it?.path)).toEqual(
        names.map((name) => (name % 2 === 1 && name < 8 ? `/${name}` : undefined)),
      );
      expect(found.map((it) => it?.body)).toEqual(
        names.map((name) => (name % 2 === 1 && name < 8 ? body(name) : undefined)),
      );
    }),
    { numRuns: 30 },
  );
  expect(await getMany(filesystem, [])).toEqual([]);
});

test('a path that is there twice is read twice, and each answer is its own', async () => {
  const [first, second] = await getMany(await withEntries(1), ['/1', '/1']);
  first?.body.fill(9);
  expect(second?.body).toEqual(body(1));
});

test('so many are under way at once, and the next begins when one of them ends', async () => {
  const filesystem = new MapFilesystem();
  const held = Array.from({ length: 25 }, () => deferred());
  let ended = 0;
  filesystem.before('_get', (_context, nth) => held[nth - 1]?.promise.then(() => void (ended += 1)));
  const all = getMany(
    filesystem,
    held.map((_, index) => `/${index}`),
  );
  for (const index of [7, 0, 10, 3, 11, 12]) {
    await settled();
    expect(filesystem.count('_get') - ended).toBe(GET_MANY_CONCURRENCY);
    held[index]?.resolve();
  }
  for (const { resolve } of held) resolve();
  expect(await all).toHaveLength(25);
});

test('the first that fails ends it, with its path, and no other is begun', async () => {
  const filesystem = await withEntries(1);
  filesystem.before('_get', (_context, nth) => {
    if (nth === 3) throw new HoldfastError('CORRUPT', 'damaged');
    return nth < 3 ? never() : undefined;
  });
  const error = await typedRejection(
    getMany(
      filesystem,
      Array.from({ length: 50 }, (_, index) => `/${index}`),
    ),
  );
  expect(error).toMatchObject({ code: 'CORRUPT', operation: 'getMany', path: '/2', message: 'damaged' });
  await settled();
  expect(filesystem.count('_get')).toBeLessThan(2 * GET_MANY_CONCURRENCY);
});

test('one deadline and one signal are for all of it', async () => {
  const paths = Array.from({ length: 30 }, (_, index) => `/${index}`);
  const takes100 = stranger(new MapFilesystem(), { get: () => new Promise((resolve) => setTimeout(resolve, 100)) });
  const controller = countingController();
  const late = typedRejection(getMany(takes100, paths, { timeoutMs: 250 }));
  const aborted = typedRejection(getMany(takes100, paths, { signal: controller.signal }));
  const inTime = getMany(takes100, paths, { timeoutMs: 301 });
  await vi.advanceTimersByTimeAsync(249);
  controller.abort(new Error('mine'));
  await vi.advanceTimersByTimeAsync(1);
  expect(await late).toMatchObject({ code: 'TIMEOUT', operation: 'getMany' });
  expect(await aborted).toMatchObject({ code: 'ABORTED', operation: 'getMany' });
  expect(controller.listeners()).toBe(0);
  await vi.advanceTimersByTimeAsync(50);
  expect(await inTime).toHaveLength(30);
  expect(vi.getTimerCount()).toBe(0);
});

test('what is left of the time is handed down', async () => {
  const timesLeft: unknown[] = [];
  const filesystem = stranger(new MapFilesystem(), {
    get: (_path: string, options?: { readonly timeoutMs?: number }) => {
      timesLeft.push(options?.timeoutMs);
      return new Promise((resolve) => setTimeout(resolve, 100));
    },
  });
  const all = getMany(
    filesystem,
    Array.from({ length: GET_MANY_CONCURRENCY + 1 }, (_, index) => `/${index}`),
    { timeoutMs: 300 },
  );
  await vi.advanceTimersByTimeAsync(200);
  await all;
  expect(timesLeft).toEqual([...Array.from({ length: GET_MANY_CONCURRENCY }, () => 300), 200]);
});

test("what a stranger's filesystem throws is BACKEND_FAILED, with the path", async () => {
  const broken = stranger(new MapFilesystem(), {
    get: () => {
      throw new TypeError('secret');
    },
  });
  expect(await typedRejection(getMany(broken, ['/a']))).toMatchObject({ code: 'BACKEND_FAILED', path: '/a' });
});

test.each<[string, readonly unknown[], object]>([
  [
    'too many paths',
    Array.from({ length: MAX_GET_MANY_PATHS + 1 }, () => '/a'),
    { message: 'paths must be at most 1000; got 1001' },
  ],
  ['a malformed path', ['/a', 'b'], { code: 'INVALID_PATH', message: 'paths[1]: a path must be absolute' }],
  [
    'what is no path',
    ['/a', '/b', 7],
    { code: 'INVALID_PATH', message: 'paths[2]: a path must be a string; got a number' },
  ],
  [
    'a hole',
    Array.from({ length: 2 }),
    { code: 'INVALID_PATH', message: 'paths[0]: a path must be a string; got undefined' },
  ],
])('%s is refused before anything is read', async (_, paths, expected) => {
  const filesystem = new MapFilesystem();
  const error = await typedRejection(getMany(filesystem, paths as string[]));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'getMany', ...expected });
  expect(filesystem.calls).toEqual([]);
});

test('whatever is given in place of an argument is a typed refusal', async () => {
  const refused = (call: Promise<unknown>) => expect(call).rejects.toMatchObject({ operation: 'getMany' });
  const thrown = THROWERS.map(([, make]) => make());
  for (const each of [...JUNK, ...thrown] as never[]) await refused(getMany(each, ['/a']));
  // No paths at all are something to ask for.
  const noPaths = [...JUNK.filter((it) => !Array.isArray(it)), ...thrown] as never[];
  for (const each of noPaths) await refused(getMany(new MapFilesystem(), each));
});

test('what the caller changes meanwhile changes nothing', async () => {
  const filesystem = await withEntries(1, 2);
  const paths = ['/1', '/2'];
  const all = getMany(filesystem, paths);
  paths.fill('/9');
  expect((await all).map((it) => it?.path)).toEqual(['/1', '/2']);
});

/** An adapter that reads many at once. */
class Many extends MapFilesystem {
  asked: (readonly VirtualPath[])[] = [];
  answer: (found: Found) => Found | Promise<Found> = (found) => found;

  protected override async _getMany(paths: readonly VirtualPath[]): Promise<Found> {
    this.asked.push(paths);
    return this.answer(paths.map((path) => this.stored.get(path)));
  }
}

test('an adapter that reads many is asked once, for all of them', async () => {
  const filesystem = new Many();
  await filesystem.put('/1', { body: body(1) }, 'absent');
  const found = await getMany(filesystem, ['/2', '/1', '/1']);
  expect(found.map((it) => it?.path)).toEqual([undefined, '/1', '/1']);
  expect([filesystem.asked, filesystem.count('_get')]).toEqual([[['/2', '/1', '/1']], 0]);
});

test.each<[string, (found: Found) => unknown]>([
  ['answers too few', (found) => found.slice(1)],
  ['answers in another order', (found) => found.toReversed()],
  ['answers no array', () => ({ length: 2 })],
])('an adapter that %s is found out', async (_, answer) => {
  const filesystem = new Many();
  for (const path of ['/1', '/2']) await filesystem.put(path, { body: body(1) }, 'absent');
  filesystem.answer = answer as Many['answer'];
  const error = await typedRejection(getMany(filesystem, ['/1', '/2']));
  expect(error).toMatchObject({ code: 'BACKEND_FAILED', operation: 'getMany', path: undefined });
});

test('a table asks each of its filesystems once, at the same time, and puts the answers together in order', async () => {
  const [one, other] = [new Many(), new Many()];
  const filesystem = mountTable([
    { at: '/one', filesystem: withPrefix(one, '/p') },
    { at: '/other', filesystem: other },
  ]);
  for (const path of ['/one/a', '/other/b']) await filesystem.put(path, { body: body(1) }, 'absent');
  const held = deferred();
  for (const each of [one, other]) each.answer = (found) => held.promise.then(() => found);
  const all = getMany(filesystem, ['/other/b', '/one/a', '/one/x', '/other/b']);
  await settled();
  expect([one.asked, other.asked]).toEqual([[['/p/a', '/p/x']], [['/b', '/b']]]);
  held.resolve();
  expect((await all).map((it) => it?.path)).toEqual(['/other/b', '/one/a', undefined, '/other/b']);
});

test('when one filesystem of a table fails, no more is begun in the others', async () => {
  const [one, other] = [new MapFilesystem(), new MapFilesystem()];
  one.before('_get', () => {
    throw new HoldfastError('CORRUPT', 'damaged');
  });
  const held = deferred();
  other.before('_get', () => held.promise);
  const table = mountTable([
    { at: '/one', filesystem: one },
    { at: '/other', filesystem: other },
  ]);
  const paths = Array.from({ length: 50 }, (_, index) => `/other/${index}`);
  const error = await typedRejection(getMany(table, [...paths, '/one/a']));
  expect(error).toMatchObject({ code: 'CORRUPT', operation: 'getMany', path: '/one/a' });
  held.resolve();
  await settled();
  expect(other.count('_get')).toBe(GET_MANY_CONCURRENCY);
});

test('in a view every path must be one that may be read, or nothing is; errors have the paths of the view', async () => {
  const backend = new Many();
  const view = scopedView(backend, [
    { at: '/a', to: '/secret', permissions: ['read'] },
    { at: '/b', permissions: ['write'] },
  ]);
  const denied = await typedRejection(getMany(view, ['/a/x', '/b/x']));
  expect(denied).toMatchObject({ code: 'ACCESS_DENIED', operation: 'getMany', path: '/b/x' });
  expect(await typedRejection(getMany(view, ['/a/x', '/c']))).toMatchObject({ code: 'NOT_MOUNTED', path: '/c' });
  expect(backend.asked).toEqual([]);
  backend.answer = () => {
    throw new HoldfastError('CORRUPT', 'damaged', { path: '/secret/y' });
  };
  expect(await typedRejection(getMany(view, ['/a/x', '/a/y']))).toMatchObject({ code: 'CORRUPT', path: '/a/y' });
});

test('to layers it is one operation: one permit, one span, and tried again as a whole', async () => {
  const backend = new Many();
  await backend.put('/1', { body: body(1) }, 'absent');
  const spans = new Spans();
  const limited = withConcurrencyLimit(withRetry(backend, { backoffMinMs: 0 }), { reads: { limit: 1 } });
  const filesystem = withTracing(limited, { tracer: spans.tracer });
  const running: number[] = [];
  backend.answer = (found) => {
    running.push(limited.usage().reads.running);
    if (running.length < 3) throw new HoldfastError('BUSY', 'held');
    return found;
  };
  vi.useRealTimers();
  await getMany(filesystem, ['/1', '/2', '/1']);
  expect(running).toEqual([1, 1, 1]);
  expect(spans.ended.map(({ name, attributes }) => [name, attributes['db.response.returned_rows']])).toEqual([
    ['getMany', 2],
  ]);
});

test('that a stranger is closed is to the blame of no path', async () => {
  const filesystem = stranger(new MapFilesystem());
  await filesystem.close();
  expect(await typedRejection(getMany(filesystem, ['/a', '/b']))).toMatchObject({ code: 'CLOSED', path: undefined });
  expect(await typedRejection(getMany(filesystem, ['/a']))).toMatchObject({ code: 'CLOSED', path: '/a' });
});

test('a permit is held until every read that was begun has ended, of adapters and of strangers', async () => {
  for (const wrap of [(it: MapFilesystem) => it, (it: MapFilesystem) => stranger(it)]) {
    const backend = new MapFilesystem();
    const held = deferred();
    backend.before('_get', (_context, nth) => {
      if (nth === 1) throw new HoldfastError('CORRUPT', 'damaged');
      return held.promise;
    });
    const filesystem = withConcurrencyLimit(wrap(backend));
    await typedRejection(getMany(filesystem, ['/1', '/2', '/3']));
    expect(filesystem.usage().reads.running).toBe(1);
    held.resolve();
    await settled();
    expect(filesystem.usage().reads.running).toBe(0);
  }
});
