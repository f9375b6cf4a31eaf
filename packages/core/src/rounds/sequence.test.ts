import { expect, test, vi } from 'vitest';
import { deferred } from '../../test/support/deferred.ts';
import { fakeTimeWithNothingLeft } from '../../test/support/fake-time.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { CasApply } from '../cas/cas-apply.ts';
import { casUpdate } from '../cas/cas-update.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { clock } from '../timing/clock.ts';
import { eventLoopShare } from '../timing/event-loop-share.ts';
import { DECIDING_MS } from './sequence.ts';

failOnUnhandledRejections();
fakeTimeWithNothingLeft();

const codec = jsonCodec<number>({ kind: 'n' });
const add = (filesystem: MapFilesystem) => slowly(filesystem);
const slowly = (filesystem: MapFilesystem, until?: () => Promise<unknown>, signal?: AbortSignal) =>
  casUpdate(
    filesystem,
    '/n',
    codec,
    async (n = 0) => {
      await until?.();
      return CasApply.write(n + 1);
    },
    { signal },
  );
const millisecond = () => new Promise((resolve) => void setTimeout(resolve, 1));

/** Lets turns of the event loop pass, and no time. */
async function turns(count = 5): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise<void>((resolve) => clock.setImmediate(resolve));
}

test('who decides in time is carried, however many turns of the event loop that takes', async () => {
  const filesystem = new MapFilesystem();
  const all = Promise.all([1, 2, 3].map(() => slowly(filesystem, millisecond)));
  for (let passed = 0; passed < 3; passed += 1) {
    await turns();
    await vi.advanceTimersByTimeAsync(1);
  }
  expect((await all).map(({ snapshot }) => snapshot)).toEqual([1, 2, 3]);
  expect(filesystem.calls).toEqual(['_get', '_put']);
});

test('many who take their time are waited for no longer than 20 ms, all together', async () => {
  const filesystem = new MapFilesystem();
  const all = Promise.all(Array.from({ length: 60 }, () => slowly(filesystem, millisecond)));
  await turns();
  for (let passed = 0; passed < 20; passed += 1) {
    expect(filesystem.calls).toEqual(['_get']);
    await vi.advanceTimersByTimeAsync(1);
  }
  await turns(150);
  expect(filesystem.calls.indexOf('_put')).toBeGreaterThan(0);
  await vi.runAllTimersAsync();
  expect((await all).map(({ snapshot }) => snapshot).toSorted((one, other) => one - other)).toEqual(
    Array.from({ length: 60 }, (_, index) => index + 1),
  );
});

test('who decides when it is too late writes by itself, and nothing is written twice', async () => {
  const filesystem = new MapFilesystem();
  const held = deferred();
  const others = [add(filesystem)];
  const late = slowly(filesystem, () => held.promise);
  others.push(add(filesystem));
  await vi.advanceTimersByTimeAsync(2 * DECIDING_MS);
  await Promise.all(others);
  expect(filesystem.calls).toEqual(['_get', '_put']);
  held.resolve();
  expect((await late).snapshot).toBe(3);
  expect(filesystem.calls).toEqual(['_get', '_put', '_get', '_put']);
});

test('who decides too late on what others have left, and never was stored, looks again', async () => {
  const filesystem = new MapFilesystem();
  const [first, refused, late] = [deferred(), deferred(), deferred()];
  filesystem.before('_put', (_, nth) => (nth === 1 ? first.promise : nth === 2 ? refused.promise : undefined));
  const before = add(filesystem);
  await vi.advanceTimersByTimeAsync(0);
  const writing = add(filesystem);
  const looking = casUpdate(filesystem, '/n', codec, async (n) => {
    await late.promise;
    return CasApply.noOp(n);
  });
  await vi.advanceTimersByTimeAsync(0);
  first.resolve();
  await before;
  await vi.advanceTimersByTimeAsync(2 * DECIDING_MS);
  expect(filesystem.count('_put')).toBe(2);
  late.resolve();
  expect((await looking).outcome).toBe(1);
  refused.reject(new HoldfastError('STORAGE_FULL', 'full', { outcome: 'not-applied' }));
  expect((await writing).snapshot).toBe(2);
});

test('who gave up before its turn is waited for no longer', async () => {
  const filesystem = new MapFilesystem();
  const controller = new AbortController();
  const first = slowly(filesystem, millisecond);
  const gone = typedRejection(slowly(filesystem, undefined, controller.signal));
  const last = add(filesystem);
  await vi.advanceTimersByTimeAsync(0);
  controller.abort();
  expect((await gone).code).toBe('ABORTED');
  await vi.advanceTimersByTimeAsync(1);
  expect((await Promise.all([first, last])).map(({ snapshot }) => snapshot)).toEqual([1, 2]);
  expect(filesystem.calls).toEqual(['_get', '_put']);
});

test('between two who decide the event loop has its turn, and nobody is late for that', async () => {
  const filesystem = new MapFilesystem();
  const turn = deferred();
  const due = vi.spyOn(eventLoopShare, 'due').mockImplementation(({ reads }) => (reads ? undefined : turn.promise));
  const all = Promise.all([1, 2, 3].map(() => add(filesystem)));
  await vi.advanceTimersByTimeAsync(5 * DECIDING_MS);
  expect(filesystem.calls).toEqual(['_get']);
  turn.resolve();
  expect((await all).map(({ snapshot }) => snapshot)).toEqual([1, 2, 3]);
  expect(filesystem.calls).toEqual(['_get', '_put']);
  due.mockRestore();
});
