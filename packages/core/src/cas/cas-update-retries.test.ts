import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { deferred } from '../../test/support/deferred.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { PlainFilesystem } from '../../test/support/plain-filesystem.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import type { Outcome } from '../errors/error-codes.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { ROUND_WAIT_MS } from '../rounds/round.ts';
import { CasApply } from './cas-apply.ts';
import { casUpdate } from './cas-update.ts';

failOnUnhandledRejections();
beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const codec = jsonCodec<number>({ kind: 'n' });
const increment = (n: number | undefined) => CasApply.write((n ?? 0) + 1);

function busy(outcome?: Outcome): never {
  throw new HoldfastError('BUSY', 'busy', { outcome });
}

/** Runs a promise to its end on the fake clock, and tells how long that took. */
async function onClock<T>(promise: Promise<T>): Promise<{ value: T; elapsedMs: number }> {
  const start = performance.now();
  let end = start;
  const settled = promise.finally(() => (end = performance.now()));
  settled.catch(() => {});
  await vi.runAllTimersAsync();
  return { value: await settled, elapsedMs: end - start };
}

test('without options it makes 256 attempts, and waits 255 times, twice as long each time, up to 50 ms', async () => {
  const filesystem = new MapFilesystem();
  const reads: number[] = [];
  const start = performance.now();
  filesystem.before('_get', () => void reads.push(performance.now() - start));
  filesystem.before('_put', () => busy());
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const { value, elapsedMs } = await onClock(typedRejection(casUpdate(filesystem, '/a', codec, increment)));
  expect(value).toMatchObject({
    code: 'RETRIES_EXHAUSTED',
    operation: 'casUpdate',
    path: '/a',
    outcome: 'not-applied',
  });
  expect(value.retryable).toBe(true);
  expect(reads).toHaveLength(256);
  const waits = reads.slice(1).map((at, index) => at - (reads[index] as number));
  expect(waits.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 25, 25]);
  // None after the last attempt.
  expect(elapsedMs).toBe(reads.at(-1));
  expect(Math.random).toHaveBeenCalledTimes(255);
});

test('the last conflict is the cause', async () => {
  const filesystem = new MapFilesystem();
  filesystem.before('_put', (_, nth) => {
    throw new HoldfastError('VERSION_MISMATCH', `conflict ${nth}`);
  });
  const update = typedRejection(casUpdate(filesystem, '/a', codec, increment, { maxAttempts: 3 }));
  const { value } = await onClock(update);
  expect(value.cause).toMatchObject({ code: 'VERSION_MISMATCH', message: 'conflict 3' });
});

test('one attempt draws no random number and waits for nothing', async () => {
  const filesystem = new MapFilesystem();
  filesystem.before('_put', () => busy());
  const random = vi.fn<() => number>();
  const { value, elapsedMs } = await onClock(
    typedRejection(casUpdate(filesystem, '/a', codec, increment, { maxAttempts: 1, random })),
  );
  expect(value.code).toBe('RETRIES_EXHAUSTED');
  expect([elapsedMs, random.mock.calls.length, filesystem.count('_put')]).toEqual([0, 0, 1]);
});

test('the jitter comes from `random` and from nothing else', async () => {
  // The same draws must give the same waits, whatever the clocks say and whatever the shared sources give.
  const forbidden = (): never => {
    throw new Error('only `random` may be asked');
  };
  const waits = async (clock: number): Promise<number[]> => {
    vi.setSystemTime(clock);
    vi.spyOn(Math, 'random').mockImplementation(forbidden);
    vi.spyOn(Date, 'now').mockImplementation(forbidden);
    vi.spyOn(crypto, 'getRandomValues').mockImplementation(forbidden);
    const timers = vi.spyOn(globalThis, 'setTimeout');
    let state = 7;
    const random = (): number => (state = (state * 31) % 101) / 101;
    const filesystem = new MapFilesystem();
    filesystem.before('_put', () => busy());
    await onClock(
      rejection(casUpdate(filesystem, '/a', codec, increment, { random, timeoutMs: 77_777, maxAttempts: 32 })),
    );
    const asked = timers.mock.calls.map(([, ms]) => ms as number);
    vi.restoreAllMocks();
    return asked.filter((ms) => ms < 77_000);
  };
  const first = await waits(0);
  expect(first).toHaveLength(31);
  expect(new Set(first).size).toBeGreaterThan(25);
  expect(await waits(1_234_567_891_011)).toEqual(first);
});

test('a conflict runs apply again on what is there now, and counts', async () => {
  const filesystem = new MapFilesystem();
  const seen: unknown[] = [];
  const update = casUpdate(filesystem, '/a', codec, async (n, { attempt, version }) => {
    seen.push([attempt, n, version === filesystem.stored.get('/a')?.version]);
    if (attempt < 3) await casUpdate(filesystem, '/a', codec, increment);
    return CasApply.write((n ?? 0) + 10, `run ${attempt}`);
  });
  const { value } = await onClock(update);
  expect(seen).toEqual([
    [1, undefined, true],
    [2, 1, true],
    [3, 2, true],
  ]);
  expect(value).toMatchObject({ outcome: 'run 3', snapshot: 12, written: true, attempts: 3 });
});

test('the decision of the last run is what counts', async () => {
  const filesystem = new MapFilesystem();
  const { value } = await onClock(
    casUpdate(filesystem, '/a', codec, async (n, { attempt }) => {
      if (attempt === 1) await casUpdate(filesystem, '/a', codec, increment);
      return n === undefined ? CasApply.write(100, 'created') : CasApply.noOp('found');
    }),
  );
  expect(value).toMatchObject({ outcome: 'found', snapshot: 1, written: false, attempts: 2 });
});

test('a record that somebody else deleted meanwhile is created anew', async () => {
  const filesystem = new MapFilesystem();
  await casUpdate(filesystem, '/a', codec, () => CasApply.write(5));
  const { value } = await onClock(
    casUpdate(filesystem, '/a', codec, async (n, { attempt }) => {
      if (attempt === 1) await filesystem.delete('/a', 'any');
      return increment(n);
    }),
  );
  expect(value).toMatchObject({ snapshot: 1, attempts: 2 });
});

test('a conflict of a delete is retried too', async () => {
  const filesystem = new MapFilesystem();
  await casUpdate(filesystem, '/a', codec, () => CasApply.write(5));
  const seen: unknown[] = [];
  const { value } = await onClock(
    casUpdate(filesystem, '/a', codec, async (n, { attempt }) => {
      seen.push(n);
      if (attempt === 1) await casUpdate(filesystem, '/a', codec, increment);
      return CasApply.delete(n);
    }),
  );
  expect(seen).toEqual([5, 6]);
  expect(value).toMatchObject({ outcome: 6, snapshot: undefined, written: true, attempts: 2 });
});

test('a busy read counts as an attempt in which apply did not run', async () => {
  const filesystem = new MapFilesystem();
  filesystem.before('_get', (_, nth) => (nth <= 2 ? busy() : undefined));
  const attempts: number[] = [];
  const { value } = await onClock(
    casUpdate(filesystem, '/a', codec, (n, { attempt }) => {
      attempts.push(attempt);
      return increment(n);
    }),
  );
  expect(attempts).toEqual([3]);
  expect(value.attempts).toBe(3);
});

test('a BUSY without an outcome, of a stranger, is definite', async () => {
  const filesystem = new PlainFilesystem();
  filesystem.before = (call, nth) => (call.method === 'put' && nth === 1 ? busy() : undefined);
  const { value } = await onClock(casUpdate(filesystem.asRoot, '/a', codec, increment));
  expect(value.attempts).toBe(2);
});

test.each(['BUSY', 'VERSION_MISMATCH'] as const)('a %s of unknown outcome is not retried', async (code) => {
  const filesystem = new PlainFilesystem();
  filesystem.after = ({ method }) => {
    if (method === 'put') throw new HoldfastError(code, 'perhaps', { outcome: 'unknown' });
  };
  const error = await typedRejection(casUpdate(filesystem.asRoot, '/a', codec, increment));
  expect(error).toMatchObject({ code, outcome: 'unknown', retryable: false });
  expect(filesystem.methods).toEqual(['get', 'put']);
});

test('OUTCOME_UNKNOWN is reported and never retried', async () => {
  const filesystem = new MapFilesystem();
  filesystem.before('_put', () => {
    throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
  });
  let runs = 0;
  const update = casUpdate(filesystem, '/a', codec, (n) => {
    runs += 1;
    return increment(n);
  });
  expect(await typedRejection(update)).toMatchObject({ code: 'OUTCOME_UNKNOWN', outcome: 'unknown', path: '/a' });
  expect([runs, filesystem.count('_put')]).toEqual([1, 1]);
});

test('a lost reply that is resolved is no conflict', async () => {
  const filesystem = new MapFilesystem();
  filesystem.after('_put', () => {
    throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
  });
  expect(await casUpdate(filesystem, '/a', codec, increment)).toMatchObject({ snapshot: 1, attempts: 1 });
});

test('what `random` throws ends the update, before it has written', async () => {
  const mine = new Error('mine');
  const filesystem = new MapFilesystem();
  filesystem.before('_put', () => busy());
  const random = (): never => {
    throw mine;
  };
  expect(await rejection(casUpdate(filesystem, '/a', codec, increment, { random }))).toBe(mine);
  expect(vi.getTimerCount()).toBe(0);
});

test('while one apply hangs, others of the same record go through at their first attempt', async () => {
  const filesystem = new MapFilesystem();
  const reached = deferred();
  const held = deferred();
  const hung = casUpdate(filesystem, '/a', codec, async (n, { attempt }) => {
    reached.resolve();
    if (attempt === 1) await held.promise;
    return increment(n);
  });
  await reached.promise;
  for (let update = 1; update <= 20; update += 1) {
    expect(await casUpdate(filesystem, '/a', codec, increment)).toMatchObject({ snapshot: update, attempts: 1 });
  }
  held.resolve();
  expect((await onClock(hung)).value).toMatchObject({ snapshot: 21, attempts: 2 });
});

test('while the backend hangs on one write, others of the same record go through', async () => {
  const filesystem = new PlainFilesystem();
  const held = deferred();
  filesystem.before = (call, nth) => (call.method === 'put' && nth === 1 ? held.promise : undefined);
  const hung = casUpdate(filesystem.asRoot, '/a', codec, increment);
  await vi.advanceTimersByTimeAsync(0);
  // Of them all the first waits for it, and not for long.
  const first = casUpdate(filesystem.asRoot, '/a', codec, increment);
  await vi.advanceTimersByTimeAsync(ROUND_WAIT_MS - 1);
  expect(filesystem.methods).toEqual(['get', 'put']);
  await vi.advanceTimersByTimeAsync(1);
  expect(await first).toMatchObject({ snapshot: 1, attempts: 1 });
  for (let update = 2; update <= 20; update += 1) {
    expect(await casUpdate(filesystem.asRoot, '/a', codec, increment)).toMatchObject({ attempts: 1 });
  }
  held.resolve();
  expect((await onClock(hung)).value).toMatchObject({ snapshot: 21, attempts: 2 });
});

test('an update inside the apply of another of the same record does not wait for it', async () => {
  const filesystem = new MapFilesystem();
  const { value } = await onClock(
    casUpdate(filesystem, '/a', codec, async (n, { attempt }) => {
      if (attempt === 1) await casUpdate(filesystem, '/a', codec, increment);
      return increment(n);
    }),
  );
  expect(value).toMatchObject({ snapshot: 2, attempts: 2 });
});
