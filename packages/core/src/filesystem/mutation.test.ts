import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { bytes, textOf } from '../../test/support/bytes.ts';
import { countingController } from '../../test/support/counting-signal.ts';
import { deferred, never } from '../../test/support/deferred.ts';
import { BYTES_ONLY, MapFilesystem } from '../../test/support/map-filesystem.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections, settled } from '../../test/support/unhandled.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { IN_FLIGHT_GRACE_MS } from './mutation.ts';

failOnUnhandledRejections();
beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const entry = { body: bytes('new') };
const UNKNOWN = { code: 'TIMEOUT', operation: 'put', path: '/a', outcome: 'unknown', retryable: false };

/** Starts a put whose deadline has passed while it is in flight. */
async function putPastDeadline(filesystem: MapFilesystem): Promise<{ readonly pending: Promise<unknown> }> {
  const pending = filesystem.put('/a', entry, 'any', { timeoutMs: 100 });
  pending.catch(() => {});
  await vi.advanceTimersByTimeAsync(100);
  return { pending };
}

test('a call that has no time left or was aborted before sends nothing, and says so', async () => {
  const filesystem = new MapFilesystem();
  for (const options of [{ timeoutMs: 0 }, { signal: AbortSignal.abort() }]) {
    for (const call of [filesystem.put('/a', entry, 'any', options), filesystem.delete('/a', 'any', options)]) {
      expect(await typedRejection(call)).toMatchObject({ outcome: 'not-applied' });
    }
  }
  expect(filesystem.calls).toEqual([]);
});

test('a write that hangs is of unknown outcome once its deadline and the grace have passed, and not before', async () => {
  const filesystem = new MapFilesystem();
  filesystem.before('_put', never);
  const pending = filesystem.put('/a', entry, 'any', { timeoutMs: 100 });
  const ended = vi.fn<() => void>();
  pending.then(ended, ended);
  await vi.advanceTimersByTimeAsync(100 + IN_FLIGHT_GRACE_MS - 1);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await typedRejection(pending)).toMatchObject(UNKNOWN);
  expect(vi.getTimerCount()).toBe(0);
});

test('so is a delete that hangs', async () => {
  const filesystem = new MapFilesystem();
  filesystem.before('_delete', never);
  const pending = typedRejection(filesystem.delete('/a', 'any', { timeoutMs: 100 }));
  await vi.advanceTimersByTimeAsync(100 + IN_FLIGHT_GRACE_MS);
  expect(await pending).toMatchObject({ code: 'TIMEOUT', operation: 'delete', outcome: 'unknown' });
});

test('a write that is aborted in flight is of unknown outcome, with the reason of the caller as the cause', async () => {
  const filesystem = new MapFilesystem();
  const controller = countingController();
  filesystem.before('_put', never);
  const pending = typedRejection(filesystem.put('/a', entry, 'any', { signal: controller.signal }));
  await settled();
  const reason = new Error('mine');
  controller.abort(reason);
  await vi.advanceTimersByTimeAsync(IN_FLIGHT_GRACE_MS);
  const error = await pending;
  expect(error).toMatchObject({ code: 'ABORTED', outcome: 'unknown' });
  expect(error.rawCause()).toBe(reason);
  expect(controller.listeners()).toBe(0);
});

test('an answer within the grace is the answer', async () => {
  const filesystem = new MapFilesystem();
  const held = deferred();
  filesystem.before('_put', () => held.promise);
  const { pending } = await putPastDeadline(filesystem);
  held.resolve();
  expect(await pending).toEqual({ version: filesystem.stored.get('/a')?.version });
  expect(vi.getTimerCount()).toBe(0);
});

test('a definite refusal within the grace is the answer too', async () => {
  const filesystem = new MapFilesystem();
  const held = deferred();
  filesystem.before('_put', () => held.promise);
  const { pending } = await putPastDeadline(filesystem);
  held.reject(new HoldfastError('STORAGE_FULL', 'full'));
  expect(await typedRejection(pending)).toMatchObject({ code: 'STORAGE_FULL', outcome: 'not-applied' });
});

test('a write that landed without an answer is found by reading back', async () => {
  const filesystem = new MapFilesystem();
  filesystem.after('_put', never);
  const { pending } = await putPastDeadline(filesystem);
  expect(await pending).toEqual({ version: filesystem.stored.get('/a')?.version });
  expect(filesystem.calls).toEqual(['_put', '_get']);
});

test('the version of somebody else is not taken for our own', async () => {
  const filesystem = new MapFilesystem();
  filesystem.before('_put', (_, nth) => (nth === 1 ? never() : undefined));
  const { pending } = await putPastDeadline(filesystem);
  await filesystem.put('/a', { body: bytes('theirs') }, 'any');
  await vi.advanceTimersByTimeAsync(IN_FLIGHT_GRACE_MS);
  expect(await typedRejection(pending)).toMatchObject(UNKNOWN);
});

test('reading back that fails or hangs too changes nothing', async () => {
  for (const fault of [never, () => Promise.reject(new Error('broken'))]) {
    const filesystem = new MapFilesystem();
    filesystem.before('_put', never);
    filesystem.before('_get', fault);
    const { pending } = await putPastDeadline(filesystem);
    await vi.advanceTimersByTimeAsync(IN_FLIGHT_GRACE_MS);
    expect(await typedRejection(pending)).toMatchObject(UNKNOWN);
  }
});

test('an adapter that gives up with its caller does not hide that its write has landed', async () => {
  const filesystem = new MapFilesystem();
  // As a driver does that cancels: the write is there, its answer is cut off. Reading takes its time.
  filesystem.after(
    '_put',
    ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')));
      }),
  );
  filesystem.before('_get', () => new Promise((resolve) => setTimeout(resolve, 20)));
  const { pending } = await putPastDeadline(filesystem);
  await vi.advanceTimersByTimeAsync(50);
  expect(await pending).toEqual({ version: filesystem.stored.get('/a')?.version });
});

test('an adapter that gives up with its caller before its write has landed leaves the outcome unknown', async () => {
  const filesystem = new MapFilesystem();
  filesystem.before(
    '_put',
    ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')));
      }),
  );
  const { pending } = await putPastDeadline(filesystem);
  expect(await typedRejection(pending)).toMatchObject(UNKNOWN);
  expect(filesystem.stored.size).toBe(0);
});

test('where there are no versions nothing is read back', async () => {
  const filesystem = new MapFilesystem(BYTES_ONLY);
  filesystem.after('_put', never);
  const { pending } = await putPastDeadline(filesystem);
  await vi.advanceTimersByTimeAsync(IN_FLIGHT_GRACE_MS);
  expect(await typedRejection(pending)).toMatchObject(UNKNOWN);
  expect(filesystem.calls).toEqual(['_put']);
});

test('an answer after the grace changes nothing any more, and is nobody’s rejection', async () => {
  for (const late of [undefined, new Error('late'), new HoldfastError('BUSY', 'late')]) {
    const filesystem = new MapFilesystem();
    const held = deferred();
    filesystem.before('_put', () => held.promise);
    const { pending } = await putPastDeadline(filesystem);
    await vi.advanceTimersByTimeAsync(IN_FLIGHT_GRACE_MS);
    expect(await typedRejection(pending)).toMatchObject(UNKNOWN);
    if (late === undefined) held.resolve();
    else held.reject(late);
    await settled();
  }
});

test('the adapter is told how much time is left, and when the caller gave up', async () => {
  const filesystem = new MapFilesystem();
  filesystem.before('_put', never);
  const pending = filesystem.put('/a', entry, 'any', { timeoutMs: 100 });
  pending.catch(() => {});
  const [context] = filesystem.contexts;
  expect(context?.remainingMs()).toBe(100);
  await vi.advanceTimersByTimeAsync(40);
  expect(context?.remainingMs()).toBe(60);
  expect(context?.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(60);
  expect(context?.signal.reason).toMatchObject({ code: 'TIMEOUT' });
  await vi.advanceTimersByTimeAsync(IN_FLIGHT_GRACE_MS);
  await rejection(pending);
});

test('an adapter that throws instead of rejecting is as good as one that rejects', async () => {
  const filesystem = new MapFilesystem();
  Object.assign(filesystem, {
    _put: () => {
      throw new HoldfastError('STORAGE_FULL', 'full');
    },
    _get: () => {
      throw new Error('raw');
    },
  });
  expect(await typedRejection(filesystem.put('/a', entry, 'any'))).toMatchObject({ code: 'STORAGE_FULL', path: '/a' });
  expect(await typedRejection(filesystem.get('/a'))).toMatchObject({ code: 'BACKEND_FAILED', path: '/a' });
  await filesystem.close();
  expect(vi.getTimerCount()).toBe(0);
});

test('a write that succeeds is what was stored', async () => {
  const filesystem = new MapFilesystem();
  const { version } = await filesystem.put('/a', entry, 'absent');
  expect(await filesystem.get('/a')).toMatchObject({ path: '/a', version });
  expect(textOf(await filesystem.get('/a'))).toBe('new');
  expect(await filesystem.delete('/a', { version: String(version) })).toEqual({ deleted: true });
  expect(await filesystem.delete('/a', 'any')).toEqual({ deleted: false });
});
