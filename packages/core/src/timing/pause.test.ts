import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followGlobals } from '../../test/support/follow-globals.ts';
import { countingController } from '../../test/support/counting-signal.ts';
import { pause } from './pause.ts';

beforeEach(followGlobals);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('it lasts exactly as long as it is told to', async () => {
  const ended = vi.fn<() => void>();
  const waiting = pause(100, undefined).then(ended);
  await vi.advanceTimersByTimeAsync(99);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(ended).toHaveBeenCalledOnce();
  await waiting;
});

test('a signal ends it, and leaves neither a timer nor a listener', async () => {
  const controller = countingController();
  const waiting = pause(100, controller.signal);
  expect([vi.getTimerCount(), controller.listeners()]).toEqual([1, 1]);
  controller.abort();
  expect([vi.getTimerCount(), controller.listeners()]).toEqual([0, 0]);
  await waiting;
});

test('its end leaves no listener', async () => {
  const controller = countingController();
  const waiting = pause(100, controller.signal);
  await vi.advanceTimersByTimeAsync(100);
  await waiting;
  expect(controller.listeners()).toBe(0);
  controller.abort();
});

test('with a signal that has fired it does not even begin', async () => {
  const controller = countingController();
  controller.abort();
  await pause(100, controller.signal);
  expect([vi.getTimerCount(), controller.added()]).toEqual([0, 0]);
});
