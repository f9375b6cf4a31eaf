import { setTimeout as pause } from 'node:timers/promises';
import { CALLS, type CallKind } from '../deadlines/calls.ts';
import type { Store } from './backends.ts';
import { EventLoopWatch } from './event-loop-watch.ts';
import type { Tally } from './told.ts';

/** What came of calls that could not be answered. */
export interface Overdue {
  readonly calls: number;
  /** By how many milliseconds the worst outlasted what it may, that of the event loop taken off; not less than 0. */
  readonly lateMs: number;
  /** For how many milliseconds the event loop was late meanwhile, all in all. */
  readonly loopLateMs: number;
}

/** Makes each kind of call so often, all at once, with deadlines that differ, and waits until all have settled. */
export async function callWithDeadlines(store: Store, times: number, tally: Tally): Promise<Overdue> {
  using loop = new EventLoopWatch();
  const late = Array.from({ length: times }, (_, time) =>
    CALLS.map(async ({ graceMs, call }, kind): Promise<number> => {
      const timeoutMs = 100 + 40 * time;
      // Timers one after the other, as those of a call are: each may be late, and that is not the call's fault.
      const bound = pause(timeoutMs)
        .then(() => pause(graceMs))
        .then(() => performance.now());
      const before = loop.lateMs;
      await tally.of(call(store, `/deadlines/${kind}-${time}`, { timeoutMs }));
      const [settled, loopLateMs] = [performance.now(), loop.lateMs - before];
      return settled - (await bound) - loopLateMs;
    }),
  ).flat();
  const worst = Math.max(...(await Promise.all(late)));
  return { calls: late.length, lateMs: Math.max(0, Math.round(worst)), loopLateMs: Math.round(loop.lateMs) };
}

/**
 * Asks and writes again and again with short deadlines, until both have been answered; resolves with how many milliseconds
 * that took, those off for which the event loop was late.
 */
export async function untilServed(store: Store, tally: Tally, timeoutMs = 250): Promise<number> {
  using loop = new EventLoopWatch();
  const began = performance.now();
  const served = async (call: CallKind['call']): Promise<void> => {
    for (let told = 'unknown'; told !== 'landed';) {
      ({ told } = await tally.of(call(store, '/served', { timeoutMs })));
      // What is refused at once is asked again after a moment.
      if (told !== 'landed') await new Promise((resolve) => setTimeout(resolve, 10));
      if (performance.now() - began > GIVE_UP_MS) return;
    }
  };
  await Promise.all([
    served((each, path, options) => each.get(path, options)),
    served((each, path, options) => each.put(path, entry, 'any', options)),
  ]);
  return performance.now() - began - loop.lateMs;
}

const entry = { body: new Uint8Array([1]) };

/** After this many milliseconds nobody asks any more. */
const GIVE_UP_MS = 30_000;
