import { FaultProxy, type WireEffect } from '@holdfast/contract';
import { expect, test } from 'vitest';
import { howMany } from '../figures/how-many.ts';
import { noteFigures } from '../figures/note-figures.ts';
import { WIRE_BACKENDS } from './backends.ts';
import { callWithDeadlines, untilServed } from './calls-with-deadlines.ts';
import { Tally } from './told.ts';

/** The ways in which a network is away. */
const AWAY: readonly WireEffect[] = ['stall', 'lose', 'reset'];

/** The longest until the first success once a network is back, in milliseconds. */
const BACK_MS = 1000;

test.for(WIRE_BACKENDS)(
  'while nothing comes from $name every call ends in time, and when it does again one succeeds within a second',
  { timeout: 600_000 },
  async (backend, context) => {
    const place = backend.place();
    const tally = new Tally();
    const results = await Promise.all(
      AWAY.map(async (effect) => {
        await using proxy = await FaultProxy.start({ target: backend.url() });
        await using store = await place.open((url) => proxy.through(url));
        const seen = [];
        for (let time = 0; time < howMany(10); time += 1) {
          await untilServed(store, tally);
          // On all connections that there are and that will be.
          const again = effect === 'reset' ? { at: { message: 1 }, times: Infinity } : { at: { afterMs: 0 } };
          for (const on of ['requests', 'replies'] as const) proxy.add({ on, effect, connections: 'all', ...again });
          // More than there are connections: most never get one.
          const overdue = await callWithDeadlines(store, 4, tally);
          proxy.clear();
          seen.push({ ...overdue, backMs: await untilServed(store, tally) });
        }
        return seen;
      }),
    );
    await place.remove();
    const seen = results.flat();
    const worst = (of: (each: (typeof seen)[number]) => number): number => Math.round(Math.max(...seen.map(of)));
    noteFigures(context, {
      promise: 'a network that is away',
      where: backend.name,
      counts: {
        outages: seen.length,
        calls: seen.reduce((sum, { calls }) => sum + calls, 0),
        'ms too late': worst(({ lateMs }) => lateMs),
        'ms to first success': worst(({ backMs }) => backMs),
        'ms event loop late': worst(({ loopLateMs }) => loopLateMs),
        untyped: tally.odd.length,
      },
    });
    expect([...new Set(tally.odd)]).toEqual([]);
    expect(worst(({ lateMs }) => lateMs)).toBe(0);
    expect(worst(({ backMs }) => backMs)).toBeLessThan(BACK_MS);
  },
);
