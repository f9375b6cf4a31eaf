import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { countingController } from '../../test/support/counting-signal.ts';
import { deferred, never } from '../../test/support/deferred.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { PlainFilesystem } from '../../test/support/plain-filesystem.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections, settled } from '../../test/support/unhandled.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import type { RecordCodec } from '../codecs/record-codec.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { IN_FLIGHT_GRACE_MS } from '../filesystem/mutation.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { CasApply } from './cas-apply.ts';
import type { CasOptions } from './cas-options.ts';
import type { CasContext } from './cas-result.ts';
import { casUpdate } from './cas-update.ts';

failOnUnhandledRejections();
beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const codec = jsonCodec<number>({ kind: 'n' });
const increment = (n: number | undefined) => CasApply.write((n ?? 0) + 1);
const WRITE_GRACE_MS = 2 * IN_FLIGHT_GRACE_MS;
/** Nearly the whole of a ceiling of a minute. */
const SLOW_BACKOFF = { backoffMinMs: 60_000, backoffMaxMs: 60_000, random: () => 0.999 };

interface Hang {
  readonly filesystem: () => RootFilesystem;
  readonly codec?: RecordCodec<number>;
  readonly apply?: (n: number | undefined, context: CasContext) => Promise<never>;
  readonly options?: CasOptions;
}

function stranger(before: PlainFilesystem['before']): () => RootFilesystem {
  return () => Object.assign(new PlainFilesystem(), { before }).asRoot;
}

function ours(on: '_get' | '_put'): () => RootFilesystem {
  return () => {
    const filesystem = new MapFilesystem();
    filesystem.before(on, never);
    return filesystem;
  };
}

const calm = () => new PlainFilesystem().asRoot;
const record = {
  path: '/a',
  body: new TextEncoder().encode('1'),
  contentType: 'application/json',
  kind: 'n',
  indexed: undefined,
  version: 'v',
} as NonNullable<PlainFilesystem['current']>;
const withRecord = () => Object.assign(new PlainFilesystem(), { current: record }).asRoot;

/** Everything that can hang before a write is sent. */
const HANGS: readonly (readonly [string, Hang])[] = [
  ["a read of a stranger's", { filesystem: stranger(({ method }) => (method === 'get' ? never() : undefined)) }],
  ['a read of ours', { filesystem: ours('_get') }],
  ['decoding', { filesystem: withRecord, codec: { ...codec, decode: () => never() } }],
  ['apply', { filesystem: calm, apply: () => never() }],
  ['encoding', { filesystem: calm, codec: { ...codec, encode: () => never() } }],
  [
    'the backoff',
    {
      filesystem: stranger(({ method }) => {
        if (method === 'put') throw new HoldfastError('BUSY', 'busy');
      }),
      options: SLOW_BACKOFF,
    },
  ],
];

const start = ({ filesystem, codec: given = codec, apply, options }: Hang, more: CasOptions): Promise<unknown> =>
  casUpdate(filesystem(), '/a', given, apply ?? increment, { ...options, ...more });

/** Whether and with what a promise has rejected by now. */
function watch(promise: Promise<unknown>): { error: HoldfastError | undefined } {
  const seen: { error: HoldfastError | undefined } = { error: undefined };
  promise.catch((error: unknown) => (seen.error = error as HoldfastError));
  return seen;
}

test.each(HANGS)(
  'the deadline ends %s that hangs, exactly when it is due, and nothing was applied',
  async (_, hang) => {
    const seen = watch(start(hang, { timeoutMs: 300 }));
    await vi.advanceTimersByTimeAsync(299);
    expect(seen.error).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(seen.error).toMatchObject({ code: 'TIMEOUT', operation: 'casUpdate', path: '/a', outcome: 'not-applied' });
    expect(seen.error?.retryable).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  },
);

test.each(HANGS)('without options %s that hangs ends after 15 s', async (_, hang) => {
  const seen = watch(start(hang, {}));
  await vi.advanceTimersByTimeAsync(14_999);
  expect(seen.error).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(seen.error).toMatchObject({ code: 'TIMEOUT', outcome: 'not-applied' });
});

test.each(HANGS)('an abort ends %s that hangs, at once, and nothing was applied', async (_, hang) => {
  const controller = countingController();
  const seen = watch(start(hang, { signal: controller.signal }));
  await vi.advanceTimersByTimeAsync(100);
  const reason = new Error('mine');
  controller.abort(reason);
  await vi.advanceTimersByTimeAsync(0);
  expect(seen.error).toMatchObject({ code: 'ABORTED', operation: 'casUpdate', outcome: 'not-applied' });
  expect(seen.error?.rawCause()).toBe(reason);
  expect([vi.getTimerCount(), controller.listeners()]).toEqual([0, 0]);
});

test.each<[string, () => RootFilesystem, number]>([
  ["a stranger's filesystem", stranger(({ method }) => (method === 'put' ? never() : undefined)), WRITE_GRACE_MS],
  ['a filesystem of ours', ours('_put'), IN_FLIGHT_GRACE_MS],
])('a write of %s that hangs is of unknown outcome, after a grace', async (_, filesystem, graceMs) => {
  const seen = watch(start({ filesystem }, { timeoutMs: 300 }));
  await vi.advanceTimersByTimeAsync(300 + graceMs - 1);
  expect(seen.error).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(seen.error).toMatchObject({ code: 'TIMEOUT', path: '/a', outcome: 'unknown', retryable: false });
  expect(vi.getTimerCount()).toBe(0);
});

test('a delete that hangs is of unknown outcome, and so is the look after it', async () => {
  for (const [method, nth, graceMs] of [
    ['delete', 1, WRITE_GRACE_MS],
    ['get', 2, 0],
  ] as const) {
    const filesystem = Object.assign(new PlainFilesystem(), { current: record });
    filesystem.before = (call, count) => (call.method === method && count === nth ? never() : undefined);
    const seen = watch(casUpdate(filesystem.asRoot, '/a', codec, () => CasApply.delete(), { timeoutMs: 300 }));
    await vi.advanceTimersByTimeAsync(300 + graceMs);
    expect(seen.error).toMatchObject({ code: 'TIMEOUT', operation: 'casUpdate', outcome: 'unknown' });
    expect(vi.getTimerCount()).toBe(0);
  }
});

test.each<[string, (controller: { abort(): void }) => Promise<unknown>]>([
  ['after the deadline', () => vi.advanceTimersByTimeAsync(310)],
  ['after the abort', (controller) => (controller.abort(), vi.advanceTimersByTimeAsync(10))],
])('a write that is answered %s and within the grace is a success', async (_, giveUp) => {
  for (const filesystem of [new PlainFilesystem(), new MapFilesystem()]) {
    const held = deferred();
    if (filesystem instanceof MapFilesystem) filesystem.before('_put', () => held.promise);
    else filesystem.before = ({ method }) => (method === 'put' ? held.promise : undefined);
    const controller = countingController();
    const root = filesystem as unknown as RootFilesystem;
    const update = casUpdate(root, '/a', codec, increment, { signal: controller.signal, timeoutMs: 300 });
    update.catch(() => {});
    // On its way before the abort.
    await vi.advanceTimersByTimeAsync(0);
    await giveUp(controller);
    held.resolve();
    expect(await update).toMatchObject({ snapshot: 1, written: true, attempts: 1 });
    expect([vi.getTimerCount(), controller.listeners()]).toEqual([0, 0]);
  }
});

test('a definite refusal within the grace is what the caller is told', async () => {
  const filesystem = new PlainFilesystem();
  const held = deferred();
  const full = new HoldfastError('STORAGE_FULL', 'full', { operation: 'put', path: '/a' });
  filesystem.before = ({ method }) => (method === 'put' ? held.promise : undefined);
  const update = rejection(casUpdate(filesystem.asRoot, '/a', codec, increment, { timeoutMs: 300 }));
  await vi.advanceTimersByTimeAsync(310);
  held.reject(full);
  expect(await update).toMatchObject({ code: 'STORAGE_FULL', operation: 'casUpdate', outcome: 'not-applied' });
});

test('a conflict within the grace is a timeout of an update that was not applied', async () => {
  const filesystem = new PlainFilesystem();
  const held = deferred();
  filesystem.before = ({ method }) => (method === 'put' ? held.promise : undefined);
  const update = typedRejection(casUpdate(filesystem.asRoot, '/a', codec, increment, { timeoutMs: 300 }));
  await vi.advanceTimersByTimeAsync(310);
  held.reject(new HoldfastError('VERSION_MISMATCH', 'mismatch', { operation: 'put' }));
  await vi.advanceTimersByTimeAsync(50);
  expect(await update).toMatchObject({ code: 'TIMEOUT', operation: 'casUpdate', outcome: 'not-applied' });
});

test('with no time at all, or a signal that has fired, nothing is read', async () => {
  const fired = AbortSignal.abort(new Error('mine'));
  for (const [options, code] of [
    [{ timeoutMs: 0 }, 'TIMEOUT'],
    [{ signal: fired }, 'ABORTED'],
  ] as const) {
    const filesystem = new PlainFilesystem();
    const apply = vi.fn<() => CasApply<number, undefined>>();
    const update = casUpdate(filesystem.asRoot, '/a', codec, apply, options);
    expect(await typedRejection(update)).toMatchObject({ code, operation: 'casUpdate', outcome: 'not-applied' });
    expect([apply.mock.calls.length, filesystem.calls.length]).toEqual([0, 0]);
  }
});

test.each(['apply', 'the codec'])(
  '%s may use up the time without yielding, but is not followed by a write',
  async (who) => {
    const filesystem = new PlainFilesystem();
    const { now } = performance;
    const block = <T>(value: T): T => {
      vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + 400);
      return value;
    };
    const encoding = { ...codec, encode: (n: number) => block({ body: Uint8Array.of(n), kind: 'n' }) };
    const update =
      who === 'apply'
        ? casUpdate(filesystem.asRoot, '/a', codec, (n) => block(increment(n)), { timeoutMs: 300 })
        : casUpdate(filesystem.asRoot, '/a', encoding, increment, { timeoutMs: 300 });
    expect(await typedRejection(update)).toMatchObject({
      code: 'TIMEOUT',
      operation: 'casUpdate',
      outcome: 'not-applied',
    });
    expect(filesystem.methods).toEqual(['get']);
  },
);

test('an abort after the end changes nothing', async () => {
  const controller = countingController();
  let seen: AbortSignal | undefined;
  const apply = (n: number | undefined, { signal }: CasContext) => {
    seen = signal;
    return increment(n);
  };
  const { snapshot } = await casUpdate(new MapFilesystem(), '/a', codec, apply, { signal: controller.signal });
  controller.abort();
  await settled();
  expect(snapshot).toBe(1);
  expect(seen?.aborted).toBe(false);
});

test('the signal of the context fires with the deadline and with the abort', async () => {
  for (const [code, giveUp] of [
    ['TIMEOUT', () => vi.advanceTimersByTimeAsync(300)],
    ['ABORTED', (controller: { abort(): void }) => controller.abort()],
  ] as const) {
    const controller = countingController();
    let seen: AbortSignal | undefined;
    const apply = (_: unknown, { signal }: CasContext): Promise<never> => {
      seen = signal;
      return never();
    };
    const update = rejection(casUpdate(calm(), '/a', codec, apply, { signal: controller.signal, timeoutMs: 300 }));
    await vi.advanceTimersByTimeAsync(0);
    await giveUp(controller);
    await update;
    expect(seen?.reason).toMatchObject({ code });
  }
});

test('what is left of the time, and the signal, go down to every call', async () => {
  const filesystem = Object.assign(new PlainFilesystem(), { current: record });
  filesystem.before = () => new Promise((resolve) => setTimeout(resolve, 10));
  const { signal } = countingController();
  const slowly = async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    return CasApply.delete();
  };
  const update = casUpdate(filesystem.asRoot, '/a', codec, slowly, { signal, timeoutMs: 1000 });
  await vi.advanceTimersByTimeAsync(200);
  await update;
  expect(filesystem.methods).toEqual(['get', 'delete', 'get']);
  expect(filesystem.calls.map(({ options }) => options?.timeoutMs)).toEqual([1000, 890, 880]);
  expect(filesystem.calls.every(({ options }) => options?.signal === signal)).toBe(true);
});

test('the deadline is one for all attempts', async () => {
  const filesystem = new PlainFilesystem();
  filesystem.before = async ({ method }) => {
    await new Promise((resolve) => setTimeout(resolve, 40));
    if (method === 'put') throw new HoldfastError('BUSY', 'busy');
  };
  const options = { timeoutMs: 310, random: () => 0 };
  const seen = watch(casUpdate(filesystem.asRoot, '/a', codec, increment, options));
  await vi.advanceTimersByTimeAsync(310 + WRITE_GRACE_MS);
  expect(seen.error).toMatchObject({ code: 'TIMEOUT', outcome: 'not-applied' });
  // Attempts of 80 ms and a little: the fourth is the last that begins.
  expect(filesystem.count('get')).toBe(4);
});

test("a backend's own timeout of a read is one of the update, and nothing was applied", async () => {
  const filesystem = new PlainFilesystem();
  const cause = new Error('pool');
  filesystem.before = () => {
    throw new HoldfastError('TIMEOUT', 'no connection', { operation: 'get', path: '/a', cause });
  };
  const error = await typedRejection(casUpdate(filesystem.asRoot, '/a', codec, increment));
  expect(error).toMatchObject({ code: 'TIMEOUT', operation: 'casUpdate', outcome: 'not-applied' });
  expect(error.rawCause()).toBe(cause);
});

test('what hangs and fails long after its caller has gone is nobody’s rejection', async () => {
  const late = deferred<never>();
  const hangs: readonly Hang[] = [
    { filesystem: stranger(() => late.promise) },
    { filesystem: stranger(({ method }) => (method === 'put' ? late.promise : undefined)) },
    { filesystem: calm, apply: () => late.promise },
    { filesystem: calm, codec: { ...codec, encode: () => late.promise } },
    { filesystem: withRecord, codec: { ...codec, decode: () => late.promise } },
  ];
  const ended = hangs.map((hang) => rejection(start(hang, { timeoutMs: 100 })));
  await vi.advanceTimersByTimeAsync(100 + WRITE_GRACE_MS);
  for (const error of await Promise.all(ended)) expect(error).toMatchObject({ code: 'TIMEOUT' });
  late.reject(new Error('late'));
  await settled();
});
