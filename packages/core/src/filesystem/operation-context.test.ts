import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { countingController } from '../../test/support/counting-signal.ts';
import { MAX_TIMEOUT_MS } from './operation-options.ts';
import { Patience } from './operation-context.ts';

beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const GET = { name: 'get', path: '/a', changes: false } as const;
const PUT = { name: 'put', path: '/a', changes: true } as const;
const DELETE = { name: 'delete', path: '/a', changes: true } as const;

const none = { signal: undefined, timeoutMs: undefined };

/** Whether a promise has settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await vi.advanceTimersByTimeAsync(0);
  return settled;
}

test('a call without limits is never interrupted, and makes no timer', async () => {
  using patience = new Patience(GET, none);
  expect(patience.bounded).toBe(false);
  expect(patience.remainingMs()).toBe(Infinity);
  expect(patience.exhausted()).toBeUndefined();
  expect(patience.signal.aborted).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
  expect(await isSettled(patience.gaveUp())).toBe(false);
});

test('nothing is made before somebody asks for it', () => {
  const controller = countingController();
  using patience = new Patience(GET, { signal: controller.signal, timeoutMs: 100 });
  expect(patience.bounded).toBe(true);
  expect(patience.remainingMs()).toBe(100);
  expect(patience.callerSignal).toBe(controller.signal);
  expect([vi.getTimerCount(), controller.added()]).toEqual([0, 0]);
});

test('the deadline passes when it is due and not before', async () => {
  using patience = new Patience(GET, { signal: undefined, timeoutMs: 100 });
  const { signal } = patience;
  const gaveUp = patience.gaveUp();
  await vi.advanceTimersByTimeAsync(99);
  expect(patience.remainingMs()).toBe(1);
  expect(await isSettled(gaveUp)).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await gaveUp).toMatchObject({ code: 'TIMEOUT', operation: 'get', path: '/a', outcome: undefined });
  expect(patience.exhausted()).toBe(await gaveUp);
  expect(signal.reason).toBe(await gaveUp);
  expect(patience.remainingMs()).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('a deadline of no time at all has passed at once', () => {
  using patience = new Patience(PUT, { signal: undefined, timeoutMs: 0 });
  expect(patience.exhausted()).toMatchObject({ code: 'TIMEOUT', outcome: 'not-applied' });
  expect(patience.signal.aborted).toBe(true);
});

test('a deadline that passed while the event loop was blocked has passed, though its timer has not fired', () => {
  using patience = new Patience(GET, { signal: undefined, timeoutMs: 100 });
  void patience.gaveUp();
  vi.setSystemTime(Date.now() + 1000);
  const { now } = performance;
  vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + 1000);
  expect(patience.exhausted()).toMatchObject({ code: 'TIMEOUT' });
});

test('a change of the wall clock moves no deadline', async () => {
  using patience = new Patience(GET, { signal: undefined, timeoutMs: 100 });
  const gaveUp = patience.gaveUp();
  vi.setSystemTime(Date.now() + 86_400_000);
  expect(patience.exhausted()).toBeUndefined();
  expect(await isSettled(gaveUp)).toBe(false);
});

test('the longest timeout is no short one', async () => {
  using patience = new Patience(GET, { signal: undefined, timeoutMs: MAX_TIMEOUT_MS });
  const gaveUp = patience.gaveUp();
  await vi.advanceTimersByTimeAsync(MAX_TIMEOUT_MS - 1);
  expect(await isSettled(gaveUp)).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await isSettled(gaveUp)).toBe(true);
});

test('an abort is seen at once, with the reason of the caller as the cause', async () => {
  const controller = countingController();
  using patience = new Patience(DELETE, { signal: controller.signal, timeoutMs: 100 });
  const { signal } = patience;
  const reason = new Error('mine');
  controller.abort(reason);
  expect(patience.exhausted()).toMatchObject({ code: 'ABORTED', operation: 'delete', outcome: 'not-applied' });
  expect(patience.exhausted()?.rawCause()).toBe(reason);
  expect(await patience.gaveUp()).toBe(patience.exhausted());
  expect(signal.reason).toBe(patience.exhausted());
  expect([vi.getTimerCount(), controller.listeners()]).toEqual([0, 0]);
});

test('with a signal that has fired before, nobody listens any more', async () => {
  const controller = countingController();
  controller.abort();
  using patience = new Patience(GET, { signal: controller.signal, timeoutMs: 100 });
  expect(patience.signal.aborted).toBe(true);
  expect(await patience.gaveUp()).toMatchObject({ code: 'ABORTED' });
  expect([vi.getTimerCount(), controller.listeners()]).toEqual([0, 0]);
});

test('what came first stays the reason', async () => {
  const controller = countingController();
  using patience = new Patience(GET, { signal: controller.signal, timeoutMs: 100 });
  const gaveUp = patience.gaveUp();
  await vi.advanceTimersByTimeAsync(100);
  controller.abort();
  expect(await gaveUp).toMatchObject({ code: 'TIMEOUT' });
  expect(patience.exhausted()).toMatchObject({ code: 'TIMEOUT' });
});

test('when the call is over nobody listens and no timer runs', () => {
  const controller = countingController();
  {
    using patience = new Patience(GET, { signal: controller.signal, timeoutMs: 100 });
    expect(patience.signal.aborted).toBe(false);
    void patience.gaveUp();
    expect([vi.getTimerCount(), controller.listeners()]).toEqual([1, 1]);
  }
  expect([vi.getTimerCount(), controller.listeners()]).toEqual([0, 0]);
});

test('an adapter that asks for the signal when the call is over starts nothing', () => {
  const controller = countingController();
  const patience = new Patience(GET, { signal: controller.signal, timeoutMs: 100 });
  patience[Symbol.dispose]();
  expect(patience.signal.aborted).toBe(false);
  expect([vi.getTimerCount(), controller.added()]).toEqual([0, 0]);
});
