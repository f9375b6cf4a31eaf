import { HoldfastError } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';
import { expect, test, vi } from 'vitest';
import { NO_DEADLINE } from '@holdfast/sql';
import { retryWhileBusy } from './busy-retry.ts';

const busy = new HoldfastError('BUSY', 'busy', { outcome: 'not-applied' });

/** Fails as often as it is told, then answers. */
function failing(times: number, error: unknown = busy) {
  let left = times;
  return vi.fn<() => string>(() => {
    if (left === 0) return 'done';
    left -= 1;
    throw error;
  });
}

test('what is not busy is tried once and does not wait', async () => {
  const run = failing(0);
  expect(await retryWhileBusy({ run }, { busyTimeoutMs: 0, context: NO_DEADLINE })).toBe('done');
  expect(run).toHaveBeenCalledTimes(1);
});

test('what is busy is tried until it is not', async () => {
  const run = failing(9);
  expect(await retryWhileBusy({ run }, { busyTimeoutMs: 60_000, context: NO_DEADLINE })).toBe('done');
  expect(run).toHaveBeenCalledTimes(10);
});

test('any other error ends it', async () => {
  const error = new HoldfastError('CORRUPT', 'corrupt');
  const run = failing(9, error);
  await expect(retryWhileBusy({ run }, { busyTimeoutMs: 60_000, context: NO_DEADLINE })).rejects.toBe(error);
  expect(run).toHaveBeenCalledTimes(1);
});

test('when the time is up it is busy', async () => {
  const run = failing(Infinity);
  await expect(retryWhileBusy({ run }, { busyTimeoutMs: 30, context: NO_DEADLINE })).rejects.toBe(busy);
  expect(run.mock.calls.length).toBeGreaterThan(5);
});

test('an answer in place of waiting is taken at once', async () => {
  const run = failing(Infinity);
  const answer = retryWhileBusy({ run, giveUp: () => 'instead' }, { busyTimeoutMs: 60_000, context: NO_DEADLINE });
  expect(await answer).toBe('instead');
  expect(run).toHaveBeenCalledTimes(1);
});

test('a signal ends the wait with its own reason', async () => {
  const reason = new HoldfastError('ABORTED', 'aborted', { outcome: 'not-applied' });
  const abort = new AbortController();
  const context: OperationContext = { signal: abort.signal, remainingMs: () => Infinity };
  const waiting = retryWhileBusy({ run: failing(Infinity) }, { busyTimeoutMs: 60_000, context });
  setTimeout(() => abort.abort(reason), 20);
  await expect(waiting).rejects.toBe(reason);
});

test('a rest is waited for, and is no part of the patience', async () => {
  const run = failing(0);
  const rests = [2, 2, 0];
  const restMs = (): number => rests.shift() ?? 0;
  expect(await retryWhileBusy({ run, restMs }, { busyTimeoutMs: 0, context: NO_DEADLINE })).toBe('done');
  expect([run.mock.calls.length, rests]).toEqual([1, []]);
});
