import { mock } from 'node:test';
import { syncBuiltinESMExports } from 'node:module';
import { afterEach, expect, test, vi } from 'vitest';
import { clock, type Clock } from './clock.ts';

afterEach(() => {
  vi.useRealTimers();
  mock.timers.reset();
  syncBuiltinESMExports();
});

const EVERYTHING = [
  'Date',
  'clearImmediate',
  'clearTimeout',
  'hrtime',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'setTimeout',
] as const;

const FAKES = [
  ['Vitest', () => void vi.useFakeTimers({ toFake: [...EVERYTHING], fakeNodeBuiltins: true, now: 0 })],
  ['node:test', () => mock.timers.enable({ apis: ['Date', 'setImmediate', 'setTimeout'], now: 0 })],
] as const;

const timeUp = (it: Clock): Promise<void> => new Promise((resolve) => void it.setTimeout(resolve, 1));

test.each(FAKES)('%s fakes none of it once it is loaded', async (_name, fake) => {
  const began = [clock.now(), clock.dateNow()] as const;
  fake();
  await clock.nextTurn();
  await new Promise<void>((resolve) => clock.setImmediate(resolve));
  await timeUp(clock);
  expect(clock.now()).toBeGreaterThan(began[0]);
  expect(clock.dateNow()).toBeGreaterThanOrEqual(began[1]);
  const ended = vi.fn<() => void>();
  clock.clearTimeout(clock.setTimeout(ended, 1));
  clock.clearTimeout(undefined);
  await timeUp(clock);
  expect(ended).not.toHaveBeenCalled();
});

test.each(FAKES)(
  'loaded while %s fakes them, it follows the time that is faked, and no longer',
  async (_name, fake) => {
    fake();
    vi.resetModules();
    const { clock: late } = await import('./clock.ts');
    expect(late).not.toBe(clock);
    expect(late.dateNow()).toBe(0);
    // Turns wait for no time, and must not wait for anybody who advances it.
    await late.nextTurn();
    const ended = vi.fn<() => void>();
    late.setTimeout(ended, 1);
    const began = late.now();
    await timeUp(clock);
    expect(late.now()).toBeGreaterThan(began);
    expect(ended).not.toHaveBeenCalled();

    vi.useRealTimers();
    mock.timers.reset();
    await timeUp(late);
    expect(late.dateNow()).toBeGreaterThan(0);
    fake();
    await timeUp(late);
  },
);

test('a timer in the background keeps no process alive', () => {
  const [held, background] = [clock.setTimeout(() => {}, 1), clock.setTimeout(() => {}, 1, { holdsProcess: false })];
  expect([held, background].map((timer) => (timer as NodeJS.Timeout).hasRef())).toEqual([true, false]);
  for (const timer of [held, background]) clock.clearTimeout(timer);
});
