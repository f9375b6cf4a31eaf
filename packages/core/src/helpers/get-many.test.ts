import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { countingController } from '../../test/support/counting-signal.ts';
import { deferred, never } from '../../test/support/deferred.ts';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { JUNK, THROWERS } from '../../test/support/hostile.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection } from '../../test/support/rejection.ts';
import { stranger } from '../../test/support/stranger.ts';
import { failOnUnhandledRejections, settled } from '../../test/support/unhandled.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { GET_MANY_CONCURRENCY, getMany, MAX_GET_MANY_PATHS } from './get-many.ts';

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
