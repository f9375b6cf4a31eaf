import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { bytes, textOf } from '../../test/support/bytes.ts';
import { countingController } from '../../test/support/counting-signal.ts';
import { deferred, never } from '../../test/support/deferred.ts';
import { BYTES_ONLY, MapFilesystem, type Fault } from '../../test/support/map-filesystem.ts';
import { typedRejection } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import type { Outcome } from '../errors/error-codes.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { IN_FLIGHT_GRACE_MS } from './mutation.ts';
import { RESOLVE_LOST_REPLY_MS } from './lost-reply.ts';

failOnUnhandledRejections();
beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const entry = { body: bytes('new') };
const UNKNOWN = {
  code: 'OUTCOME_UNKNOWN',
  path: '/a',
  outcome: 'unknown',
  retryable: false,
};

function lost(outcome: Outcome = 'unknown'): never {
  throw new HoldfastError('UNAVAILABLE', 'the connection was cut', { outcome });
}

/** A fault of the first calls only. */
const first =
  (count: number, fault: Fault): Fault =>
  (context, nth, path) =>
    nth <= count ? fault(context, nth, path) : undefined;

async function holding(text: string): Promise<{ filesystem: MapFilesystem; version: string }> {
  const filesystem = new MapFilesystem();
  const { version } = await filesystem.put('/a', { body: bytes(text) }, 'any');
  filesystem.calls.length = 0;
  return { filesystem, version: String(version) };
}

test('a write that landed is found at once', async () => {
  for (const expectation of ['any', 'absent'] as const) {
    const filesystem = new MapFilesystem();
    filesystem.after('_put', () => lost());
    const { version } = await filesystem.put('/a', entry, expectation);
    expect(filesystem.stored.get('/a')?.version).toBe(version);
    expect(filesystem.calls).toEqual(['_put', '_get']);
  }
});

test('a write that did not land goes out again with the same version, and lands once', async () => {
  const { filesystem, version: expected } = await holding('old');
  filesystem.before(
    '_put',
    first(1, () => lost()),
  );
  const { version } = await filesystem.put('/a', entry, { version: expected });
  expect(filesystem.stored.get('/a')?.version).toBe(version);
  expect(filesystem.calls).toEqual(['_put', '_get', '_put']);
});

test('a copy that is lost as well is looked for after 10 ms, 20 ms, 40 ms and so on, up to 500 ms', async () => {
  const { filesystem, version } = await holding('old');
  const at: number[] = [];
  const start = performance.now();
  filesystem.before('_get', () => void at.push(performance.now() - start));
  filesystem.before(
    '_put',
    first(8, () => lost()),
  );
  const pending = filesystem.put('/a', entry, { version });
  await vi.advanceTimersByTimeAsync(2000);
  await pending;
  expect(at).toEqual([0, 10, 30, 70, 150, 310, 630, 1130]);
  expect(vi.getTimerCount()).toBe(0);
});

test('the first copy may land late, and refuse the second', async () => {
  const { filesystem, version } = await holding('old');
  let landLate: (() => Promise<void>) | undefined;
  const send = filesystem['_put'].bind(filesystem);
  const sent = vi.spyOn(filesystem as never, '_put' as never) as unknown as {
    mockImplementation(of: typeof send): void;
  };
  sent.mockImplementation(async (request, context) => {
    if (landLate === undefined) {
      landLate = () => send(request, context);
      lost();
    }
    await landLate();
    return send(request, context);
  });
  const pending = filesystem.put('/a', entry, { version });
  await vi.advanceTimersByTimeAsync(10);
  expect(await pending).toEqual({ version: filesystem.stored.get('/a')?.version });
  expect(textOf(filesystem.stored.get('/a'))).toBe('new');
});

test.each<[string, (filesystem: MapFilesystem) => unknown]>([
  [
    'somebody else has written',
    (filesystem) => filesystem.stored.set('/a', { ...filesystem.stored.get('/a'), version: 'x' } as never),
  ],
  ['somebody else has deleted', (filesystem) => filesystem.stored.delete('/a')],
])('when %s meanwhile, the outcome is unknown and nothing is sent again', async (_, meddle) => {
  for (const when of ['before', 'after'] as const) {
    const { filesystem, version } = await holding('old');
    if (when === 'before') filesystem.before('_put', () => (meddle(filesystem), lost()));
    else filesystem.after('_put', () => (meddle(filesystem), lost()));
    const error = await typedRejection(filesystem.put('/a', entry, { version }));
    expect(error).toMatchObject({ ...UNKNOWN, operation: 'put' });
    expect(error.cause).toMatchObject({ code: 'UNAVAILABLE' });
    expect(filesystem.calls).toEqual(['_put', '_get']);
  }
});

test("an 'absent' or 'any' that cannot be found is unknown and never sent again", async () => {
  for (const expectation of ['any', 'absent'] as const) {
    const filesystem = new MapFilesystem();
    filesystem.before('_put', () => lost());
    expect(await typedRejection(filesystem.put('/a', entry, expectation))).toMatchObject(UNKNOWN);
    expect(filesystem.calls).toEqual(['_put', '_get']);
  }
});

test('where there are no versions the outcome is unknown', async () => {
  const filesystem = new MapFilesystem(BYTES_ONLY);
  filesystem.after('_put', () => lost());
  expect(await typedRejection(filesystem.put('/a', entry, 'any'))).toMatchObject(UNKNOWN);
  expect(filesystem.count('_put')).toBe(1);
});

test('a delete goes out again while its version is there, and is unknown when it is gone', async () => {
  const { filesystem, version } = await holding('old');
  filesystem.before(
    '_delete',
    first(1, () => lost()),
  );
  expect(await filesystem.delete('/a', { version })).toEqual({ deleted: true });
  expect(filesystem.calls).toEqual(['_delete', '_get', '_delete']);

  const other = await holding('old');
  other.filesystem.after('_delete', () => lost());
  const error = await typedRejection(other.filesystem.delete('/a', { version: other.version }));
  expect(error).toMatchObject({ ...UNKNOWN, operation: 'delete' });
  expect(other.filesystem.count('_delete')).toBe(1);
});

test("a lost delete of 'any' is unknown", async () => {
  const { filesystem } = await holding('old');
  filesystem.before('_delete', () => lost());
  expect(await typedRejection(filesystem.delete('/a', 'any'))).toMatchObject(UNKNOWN);
  expect(filesystem.count('_delete')).toBe(1);
});

test('reading back is tried again while the backend cannot be reached', async () => {
  const { filesystem, version } = await holding('old');
  filesystem.after('_put', () => lost());
  filesystem.before(
    '_get',
    first(5, () => lost()),
  );
  const pending = filesystem.put('/a', entry, { version });
  await vi.advanceTimersByTimeAsync(1000);
  expect(await pending).toEqual({ version: filesystem.stored.get('/a')?.version });
});

test.each(['ACCESS_DENIED', 'CORRUPT', 'BACKEND_FAILED'] as const)(
  'reading back that fails with %s is given up',
  async (code) => {
    const { filesystem, version } = await holding('old');
    filesystem.after('_put', () => lost());
    filesystem.before('_get', () => {
      throw new HoldfastError(code, 'no');
    });
    expect(await typedRejection(filesystem.put('/a', entry, { version }))).toMatchObject(UNKNOWN);
    expect(filesystem.count('_get')).toBe(1);
  },
);

test.each<[string, Fault]>([
  ['fails', () => lost()],
  ['hangs', never],
])('reading back that %s for good ends after 5 s, and leaves no timer', async (_, fault) => {
  const { filesystem, version } = await holding('old');
  filesystem.after('_put', () => lost());
  filesystem.before('_get', fault);
  const ended = vi.fn<() => void>();
  const pending = filesystem.put('/a', entry, { version });
  pending.then(ended, ended);
  await vi.advanceTimersByTimeAsync(RESOLVE_LOST_REPLY_MS - 1);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await typedRejection(pending)).toMatchObject(UNKNOWN);
  expect(vi.getTimerCount()).toBe(0);
});

test('so does a second copy that hangs', async () => {
  const { filesystem, version } = await holding('old');
  filesystem.before('_put', (_, nth) => (nth === 1 ? lost() : never()));
  const pending = typedRejection(filesystem.put('/a', entry, { version }));
  await vi.advanceTimersByTimeAsync(RESOLVE_LOST_REPLY_MS);
  expect(await pending).toMatchObject(UNKNOWN);
});

test("the caller's deadline ends it earlier, with the grace, as a timeout of unknown outcome", async () => {
  const { filesystem, version } = await holding('old');
  filesystem.before('_put', () => lost());
  filesystem.before('_get', () => lost());
  const pending = typedRejection(filesystem.put('/a', entry, { version }, { timeoutMs: 300 }));
  await vi.advanceTimersByTimeAsync(300 + IN_FLIGHT_GRACE_MS);
  expect(await pending).toMatchObject({ code: 'TIMEOUT', outcome: 'unknown' });
  expect(vi.getTimerCount()).toBe(0);
});

test("so does the caller's abort", async () => {
  const { filesystem, version } = await holding('old');
  const controller = countingController();
  filesystem.before('_put', () => lost());
  filesystem.before('_get', never);
  const pending = typedRejection(filesystem.put('/a', entry, { version }, { signal: controller.signal }));
  await vi.advanceTimersByTimeAsync(100);
  controller.abort();
  await vi.advanceTimersByTimeAsync(IN_FLIGHT_GRACE_MS);
  expect(await pending).toMatchObject({ code: 'ABORTED', outcome: 'unknown' });
  expect([vi.getTimerCount(), controller.listeners()]).toEqual([0, 0]);
});

test('an error that is definitely not applied is neither read back nor sent again', async () => {
  const { filesystem, version } = await holding('old');
  filesystem.before('_put', () => lost('not-applied'));
  const error = await typedRejection(filesystem.put('/a', entry, { version }));
  expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-applied', operation: 'put', path: '/a' });
  expect(filesystem.calls).toEqual(['_put']);
});

test('what the adapter did not classify counts as a lost reply', async () => {
  const { filesystem, version } = await holding('old');
  filesystem.after(
    '_put',
    first(2, () => {
      throw new Error('socket hang up');
    }),
  );
  expect(await filesystem.put('/a', entry, { version })).toEqual({ version: filesystem.stored.get('/a')?.version });
});

test('so does the failed read of a layer, which says nothing of the write', async () => {
  const { filesystem, version } = await holding('old');
  filesystem.after('_put', () => {
    throw new HoldfastError('UNAVAILABLE', 'of an inner read', { operation: 'get', path: '/inner' });
  });
  expect(await filesystem.put('/a', entry, { version })).toEqual({ version: filesystem.stored.get('/a')?.version });
});

test('a reading that nobody waits for any more is ended, once the write in flight has answered', async () => {
  const { filesystem, version } = await holding('old');
  const answer = deferred();
  const signals: AbortSignal[] = [];
  filesystem.after('_put', () => answer.promise);
  filesystem.before('_get', ({ signal }) => (signals.push(signal), never()));
  const pending = filesystem.put('/a', entry, { version }, { timeoutMs: 100 });
  await vi.advanceTimersByTimeAsync(100);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  answer.resolve();
  expect(await pending).toEqual({ version: filesystem.stored.get('/a')?.version });
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});

test('nothing is read of a delete whose deadline passes in flight, since nothing that is there could show that it landed', async () => {
  const { filesystem, version } = await holding('old');
  filesystem.before('_delete', never);
  const pending = typedRejection(filesystem.delete('/a', { version }, { timeoutMs: 100 }));
  await vi.advanceTimersByTimeAsync(100 + IN_FLIGHT_GRACE_MS);
  expect(await pending).toMatchObject({ code: 'TIMEOUT', outcome: 'unknown' });
  expect(filesystem.calls).toEqual(['_delete']);
});

test('a reply that is lost after the caller gave up is looked into within the grace alone', async () => {
  const { filesystem, version } = await holding('old');
  const cut = deferred();
  filesystem.before('_put', () => cut.promise.then(() => lost()));
  const pending = typedRejection(filesystem.put('/a', entry, { version }, { timeoutMs: 100 }));
  await vi.advanceTimersByTimeAsync(100);
  cut.resolve();
  expect(await pending).toMatchObject({ code: 'TIMEOUT', outcome: 'unknown' });
  // One look at the deadline, and one more when the write was past.
  expect(filesystem.calls).toEqual(['_put', '_get', '_get']);
});
