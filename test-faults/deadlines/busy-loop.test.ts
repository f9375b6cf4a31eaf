import { setTimeout as pause } from 'node:timers/promises';
import { withTimeout, type RootFilesystem } from '@holdfast/core';
import { openMemory } from '@holdfast/memory';
import { expect, test } from 'vitest';
import { WRAPS } from '../call-sites/backends/wrappers.ts';
import { howMany } from '../figures/how-many.ts';
import { noteFigures } from '../figures/note-figures.ts';
import { Tally } from '../wire/told.ts';
import { BUSY_APPLICATIONS } from './busy-applications.ts';
import { CALLS, SINGLE_CALLS, updatesBy, type CallKind } from './calls.ts';
import { LongestStretch } from './longest-stretch.ts';
import { hanging, never, slow, slowly } from './troubled-stores.ts';

/** The deadlines of calls, in milliseconds: one after the other. */
const DEADLINES_MS = [10, 60, 130];

/**
 * How often a call waits once more than the timers that it is measured by: an update that loses a write, for another write to
 * be read back; and each at its end for its turn of the event loop. Each wait may be a stretch too long.
 */
const MORE_WAITS = 2;

/** What is called, and what becomes of it. */
const TROUBLES: readonly (readonly [store: () => RootFilesystem, calls: readonly CallKind[]])[] = [
  [hanging, CALLS],
  [slow, CALLS],
  [openMemory, [...updatesBy(never), ...updatesBy(slowly())]],
];

test.for(Object.entries(BUSY_APPLICATIONS))(
  'every call ends in time beside an application that %s',
  async ([name, application], context) => {
    const tally = new Tally();
    const rounds = howMany(10);
    let [calls, lateMs, longestMs] = [0, 0, 0];
    for (let round = 0; round < rounds; round += 1) {
      using stretch = new LongestStretch();
      let isOver = false;
      await using store = openMemory();
      const busy = application(store, () => isOver);
      const late = await Promise.all([...throughWrappers(tally), ...throughTimeouts(tally)].map((call) => call()));
      isOver = true;
      await busy;
      calls += late.length;
      lateMs = Math.max(lateMs, ...late.map((ms) => Math.round(ms - MORE_WAITS * stretch.ms)));
      longestMs = Math.max(longestMs, Math.round(stretch.ms));
    }
    noteFigures(context, {
      promise: 'deadlines beside a busy event loop',
      where: `memory, an application that ${name}`,
      counts: {
        rounds,
        calls,
        answered: tally.landed,
        'ms too late': lateMs,
        'longest stretch, ms': longestMs,
        untyped: tally.odd.length,
      },
    });
    expect([...new Set(tally.odd)]).toEqual([]);
    expect(lateMs).toBe(0);
  },
);

type Measured = () => Promise<number>;

/** Every kind of call through every wrapper, and by how many milliseconds it outlasts what it may. */
function throughWrappers(tally: Tally): readonly Measured[] {
  return Object.values(WRAPS).flatMap((wrap) =>
    TROUBLES.flatMap(([open, kinds]) => {
      const filesystem = wrap(open());
      return kinds.map(({ graceMs, call }, nth) => {
        const timeoutMs = DEADLINES_MS[nth % DEADLINES_MS.length] as number;
        return () => outlasting(timeoutMs, graceMs, tally.of(call(filesystem, `/d/${nth}`, { timeoutMs })));
      });
    }),
  );
}

/** Calls whose deadlines are those of `withTimeout`. */
function throughTimeouts(tally: Tally): readonly Measured[] {
  return DEADLINES_MS.flatMap((timeoutMs) =>
    [hanging(), slow()].flatMap((inner) => {
      const filesystem = withTimeout(inner, { timeoutMs });
      return SINGLE_CALLS.map(
        ({ graceMs, call }, nth): Measured =>
          () =>
            outlasting(timeoutMs, graceMs, tally.of(call(filesystem, `/d/${nth}`, {}))),
      );
    }),
  );
}

/** By how many milliseconds a call outlasts what timers of the same lengths take. */
async function outlasting(timeoutMs: number, graceMs: number, call: Promise<unknown>): Promise<number> {
  // One after the other, as those of a call are: each may be late, and that is not the call's fault.
  const bound = pause(timeoutMs)
    .then(() => pause(graceMs))
    .then(() => performance.now());
  await call;
  const settled = performance.now();
  return settled - (await bound);
}
