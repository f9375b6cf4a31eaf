import { beforeEach, expect, test, vi } from 'vitest';
import { CasApply } from '../src/cas/cas-apply.ts';
import { casUpdate } from '../src/cas/cas-update.ts';
import { HoldfastError } from '../src/errors/holdfast-error.ts';
import type { OperationContext } from '../src/filesystem/operation-context.ts';
import type { OperationOptions } from '../src/filesystem/operation-options.ts';
import type { RootFilesystem } from '../src/filesystem/root-filesystem.ts';
import { withRetry } from '../src/layers/with-retry.ts';
import { commit } from '../src/operations/commit/commit.ts';
import { clock } from '../src/timing/clock.ts';
import { transact } from '../src/transact/transact.ts';
import { CommittingFilesystem } from './support/committing-filesystem.ts';
import { WRAPS } from './support/core-wrappers.ts';
import { followGlobals } from './support/follow-globals.ts';
import { MapFilesystem, type BackendCall } from './support/map-filesystem.ts';
import { PlainFilesystem } from './support/plain-filesystem.ts';
import { failOnUnhandledRejections, settled } from './support/unhandled.ts';

failOnUnhandledRejections();

const DEADLINE_MS = 100;
const GRACE_MS = 1000;
const entry = { body: Uint8Array.of(1) };
const codec = { encode: () => ({ kind: 'n', ...entry }), decode: () => 1 };
const update = (fs: RootFilesystem, options?: OperationOptions): Promise<unknown> =>
  casUpdate(fs, '/a', codec, () => CasApply.write(1), options);

const transaction = (fs: RootFilesystem, options?: OperationOptions): Promise<unknown> =>
  transact(fs, async (tx) => tx.put('/a', codec, (await tx.get('/a', codec)) ?? 1), options);
const CHECK = { check: '/none', expectation: 'absent' } as const;
const outcomeOf = (failure: Error): unknown => (failure as Partial<HoldfastError>).outcome ?? 'unknown';

/** How far the clock is ahead of the timers, in milliseconds. */
let ahead = 0;

beforeEach(() => {
  const undo = followGlobals();
  Object.assign(clock, { now: () => performance.now() + ahead });
  ahead = 0;
  vi.useFakeTimers();
  return () => {
    vi.useRealTimers();
    undo();
  };
});

/** A moment at which a call is over, and how its driver comes to fail then. */
interface Moment {
  readonly code: 'TIMEOUT' | 'ABORTED';
  /** Called by the backend with what makes the call fail. */
  begin(context: OperationContext, fail: () => void): void;
  /** Lets the moment come. */
  come(abort: () => void): Promise<unknown>;
}

let failNow = (): void => {};
const onAbort = (context: OperationContext, fail: () => void): void => context.signal.addEventListener('abort', fail);

const MOMENTS: Readonly<Record<string, Moment>> = {
  'the clock is there before the timer': {
    code: 'TIMEOUT',
    begin: (_context, fail) => void (failNow = fail),
    come: async () => {
      ahead = GRACE_MS;
      failNow();
    },
  },
  'the clock is there before the timer, and the driver asks how long it has': {
    code: 'TIMEOUT',
    begin: (context, fail) => void (failNow = () => void (context.remainingMs() === 0 && fail())),
    come: async () => {
      ahead = GRACE_MS;
      failNow();
      // As it is in a process that was busy.
      ahead = 0;
    },
  },
  'the clock is there before the timer, and the driver asks for the signal': {
    code: 'TIMEOUT',
    begin: (context, fail) => {
      failNow = () => {
        onAbort(context, fail);
        ahead = GRACE_MS;
        void context.signal;
      };
    },
    come: async () => failNow(),
  },
  'the timer fires before the clock is there': {
    code: 'TIMEOUT',
    begin: onAbort,
    come: () => {
      ahead = -0.9;
      return vi.advanceTimersByTimeAsync(DEADLINE_MS);
    },
  },
  "the driver's own timer is the first": {
    code: 'TIMEOUT',
    begin: (_context, fail) => void setTimeout(fail, DEADLINE_MS),
    come: () => vi.advanceTimersByTimeAsync(DEADLINE_MS),
  },
  'the caller aborts': {
    code: 'ABORTED',
    begin: onAbort,
    come: async (abort) => abort(),
  },
};

/** What drivers make of it. */
const FAILURES: readonly (() => Error)[] = [
  () => new DOMException('This operation was aborted', 'AbortError'),
  () => new HoldfastError('UNAVAILABLE', 'no answer in time', { outcome: 'unknown' }),
  () => new HoldfastError('UNAVAILABLE', 'no connection', { outcome: 'not-applied' }),
  () => new HoldfastError('BUSY', 'all connections are in use', { outcome: 'not-applied' }),
  () => new HoldfastError('CLOSED', 'the connection was closed', { outcome: 'not-applied' }),
  () => new HoldfastError('BACKEND_FAILED', 'cancelled', { outcome: 'unknown' }),
];

type Run = (fs: RootFilesystem, options?: OperationOptions) => Promise<unknown>;

/** With what the outcome is of one that may have changed something when its driver failed. */
const CALLS: readonly [call: BackendCall, run: Run, outcome?: (failure: Error) => unknown][] = [
  ['_get', (fs, options) => fs.get('/a', options)],
  ['_put', (fs, options) => fs.put('/a', entry, 'any', options), outcomeOf],
  ['_delete', (fs, options) => fs.delete('/a', 'any', options)],
  ['_scan', (fs, options) => fs.list('/', options)],
  ['_scan', (fs, options) => fs.entries('/', options).next()],
  ['_get', update],
  ['_put', update, outcomeOf],
  ['_commit', (fs, options) => commit(fs, [{ put: '/a', entry, expectation: 'any' }, CHECK], options), outcomeOf],
  ['_commit', (fs, options) => commit(fs, [CHECK], options), () => 'not-applied'],
  ['_get', transaction, () => 'not-applied'],
  ['_commit', transaction, outcomeOf],
];

let begun = false;

/** What a backend works on until a moment comes: it fails then, or answers. */
function until(moment: Moment, context: OperationContext, failure?: Error): Promise<unknown> {
  begun = true;
  return new Promise((resolve, reject) => {
    moment.begin(context, () => (failure === undefined ? resolve(undefined) : reject(failure)));
  });
}

/** What a call ends with when a moment comes while the backend works on it. */
async function endOf(call: Promise<unknown>, { come }: Moment, abort: () => void = () => {}): Promise<unknown> {
  let end: unknown = 'nothing';
  call.then(
    () => (end = 'an answer'),
    (error: unknown) => (end = error),
  );
  // A call may wait for a turn of the event loop, which no timer brings.
  while (!begun) await settled();
  begun = false;
  await come(abort);
  while (end === 'nothing') {
    await vi.advanceTimersByTimeAsync(GRACE_MS);
    await settled();
  }
  return end;
}

const moments = Object.entries(MOMENTS).map(([name, moment]) => ({ name, moment }));
const cases = Object.entries(WRAPS).flatMap(([wrapper, wrap]) => moments.map((it) => ({ wrapper, wrap, ...it })));

test.each(cases)('through $wrapper, when $name, no call has a code of its driver’s', async ({ wrap, moment }) => {
  for (const [name, run, outcomeFor] of CALLS) {
    for (const failure of FAILURES) {
      ahead = 0;
      const backend = new CommittingFilesystem();
      backend.before(name, (context) => until(moment, context, failure()));
      const abort = new AbortController();
      const { signal } = abort;
      const options = moment.code === 'ABORTED' ? { signal } : { timeoutMs: DEADLINE_MS };
      const end = await endOf(run(wrap(backend), options), moment, () => abort.abort());
      const outcome = outcomeFor === undefined ? {} : { outcome: outcomeFor(failure()) };
      const of = `${name}, ${failure().message}`;
      expect({ of, end }).toMatchObject({ end: { code: moment.code, ...outcome } });
    }
  }
});

// A stranger's call has no context of ours.
const NOBODYS = {} as OperationContext;
const late = MOMENTS["the driver's own timer is the first"] as Moment;

test('an answer of the backend is one, also at the last moment', async () => {
  const answers = [
    ['_get', new HoldfastError('CORRUPT', 'damaged')],
    ['_put', new HoldfastError('VERSION_MISMATCH', 'there is another')],
    ['_put', new HoldfastError('STORAGE_FULL', 'no room')],
  ] as const;
  for (const [name, answer] of answers) {
    const backend = new MapFilesystem();
    backend.before(name, (context) => until(late, context, answer));
    const options = { timeoutMs: DEADLINE_MS };
    const call = name === '_get' ? backend.get('/a', options) : backend.put('/a', entry, 'any', options);
    expect(await endOf(call, late)).toMatchObject({ code: answer.code });
    expect(backend.count('_get')).toBe(name === '_get' ? 1 : 0);
  }
  const backend = new MapFilesystem();
  backend.before('_get', (context) => until(late, context));
  expect(await endOf(backend.get('/a', { timeoutMs: DEADLINE_MS }), late)).toBe('an answer');
});

test.each(FAILURES.map((failure) => [String(failure()), failure] as const))(
  'an update on a filesystem of a stranger whose clock is ahead of ours by nothing is out of time (%s)',
  async (_, failure) => {
    for (const method of ['get', 'put'] as const) {
      const filesystem = new PlainFilesystem();
      filesystem.before = (call) => call.method === method && until(late, NOBODYS, failure());
      const end = await endOf(update(filesystem.asRoot, { timeoutMs: DEADLINE_MS }), late);
      const outcome = method === 'get' ? 'not-applied' : outcomeOf(failure());
      expect(end).toMatchObject({ code: 'TIMEOUT', operation: 'casUpdate', outcome });
    }
  },
);

test('a BUSY that a filesystem of a stranger answers when the time is up is not tried again, and no BUSY', async () => {
  const filesystem = new PlainFilesystem();
  const busy = new HoldfastError('BUSY', 'busy', { operation: 'get' });
  filesystem.before = () => until(late, NOBODYS, busy);
  const retrying = withRetry(filesystem.asRoot, { maxAttempts: 1 });
  const end = await endOf(retrying.get('/a', { timeoutMs: DEADLINE_MS }), late);
  expect(end).toMatchObject({ code: 'TIMEOUT' });
});

test.each(moments)('a write whose lost reply is looked into when $name has the code of that', async ({ moment }) => {
  const backend = new MapFilesystem();
  backend.before('_put', () => {
    throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
  });
  const unreadable = new HoldfastError('CORRUPT', 'unreadable');
  backend.before('_get', (context, nth) => (nth > 1 ? undefined : until(moment, context, unreadable)));
  const abort = new AbortController();
  const { signal } = abort;
  const options = moment.code === 'ABORTED' ? { signal } : { timeoutMs: DEADLINE_MS };
  const end = await endOf(backend.put('/a', entry, 'any', options), moment, () => abort.abort());
  expect(end).toMatchObject({ code: moment.code, outcome: 'unknown' });
});
