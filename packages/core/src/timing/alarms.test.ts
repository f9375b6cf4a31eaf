import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Alarms } from './alarms.ts';

/** No timer rings sooner after it was set. */
const SHORTEST_MS = 1;

/** A clock that a test sets, and the timers that were started on it. */
class HandClock {
  time = 0;
  /** All that were started, with whether the process lives on for them. */
  readonly started: { readonly rings: number; readonly call: () => void; holds: boolean; cleared: boolean }[] = [];
  readonly alarms = new Alarms({
    now: () => this.time,
    setTimeout: (call, milliseconds) => {
      const timer = { rings: this.time + Math.max(SHORTEST_MS, milliseconds), call, holds: true, cleared: false };
      this.started.push(timer);
      return Object.assign(timer, { ref: () => (timer.holds = true), unref: () => (timer.holds = false) });
    },
    clearTimeout: (timer) => void (timer && Object.assign(timer, { cleared: true })),
  });

  /** Fires what is due up to a moment, each at its own. */
  advanceTo(moment: number): void {
    for (;;) {
      const due = this.started.filter((timer) => !timer.cleared && timer.rings <= moment);
      const next = due.toSorted((one, other) => one.rings - other.rings)[0];
      if (next === undefined) break;
      next.cleared = true;
      this.time = Math.max(this.time, next.rings);
      next.call();
    }
    this.time = moment;
  }
}

test('each rings at its moment, in whatever order they were set, unless it was ended', () => {
  const alarm = fc.record({
    moment: fc.integer({ min: SHORTEST_MS, max: 50 }),
    endsAt: fc.integer({ min: 0, max: 100 }),
  });
  fc.assert(
    fc.property(fc.array(alarm), (all) => {
      const clock = new HandClock();
      const rung = new Map<number, number>();
      const set = all.map(({ moment }, index) => clock.alarms.set(moment, () => rung.set(index, clock.time)));
      for (let time = 0; time <= 60; time += 1) {
        for (const [index, { endsAt }] of all.entries()) if (endsAt === time) set[index]?.end();
        clock.advanceTo(time);
      }
      const expected = new Map(
        all.entries().flatMap(([index, { moment, endsAt }]) => (moment < endsAt ? [[index, moment] as const] : [])),
      );
      expect(rung).toEqual(expected);
    }),
  );
});

test('thousands that are ended in time start one timer', () => {
  const clock = new HandClock();
  for (; clock.time < 5000; clock.time += 1) clock.alarms.set(clock.time + 15_000, () => {}).end();
  expect(clock.started).toHaveLength(1);
});

test('the process lives on while one is set, and no longer', () => {
  const clock = new HandClock();
  const held = (): boolean => clock.started.some(({ holds, cleared }) => holds && !cleared);
  const one = clock.alarms.set(10, () => {});
  const other = clock.alarms.set(20, () => {});
  one.end();
  expect(held()).toBe(true);
  other.end();
  other.end();
  expect(held()).toBe(false);
  clock.alarms.set(30, () => {});
  expect(held()).toBe(true);
  clock.advanceTo(30);
  expect(held()).toBe(false);
});

test('it is the timer that tells, also where the clock is not there yet', () => {
  const clock = new HandClock();
  const rung: number[] = [];
  clock.alarms.set(10, () => rung.push(clock.time));
  clock.time = 9.5;
  clock.started[0]?.call();
  expect(rung).toEqual([9.5]);
});

test('a timer that is overdue is not relied upon: its clock may be one that a test has taken away', async () => {
  const clock = new HandClock();
  clock.alarms.set(10, () => {}).end();
  const lost = clock.started[0];
  if (lost !== undefined) lost.cleared = true;
  clock.time = 11;
  const rung: number[] = [];
  clock.alarms.set(30, () => rung.push(clock.time));
  await Promise.resolve();
  clock.advanceTo(40);
  expect(rung).toEqual([30]);
});

test('one that is due rings also when others are set before the event loop turns', async () => {
  const clock = new HandClock();
  const rung: number[] = [];
  clock.alarms.set(10, () => rung.push(clock.time));
  clock.time = 11;
  for (const moment of [30, 20]) clock.alarms.set(moment, () => {}).end();
  await Promise.resolve();
  expect(rung).toEqual([11]);
});

test('one rings however often others are set in turns of the event loop that keep every timer waiting', async () => {
  const clock = new HandClock();
  const rung: number[] = [];
  clock.alarms.set(12, () => rung.push(clock.time));
  for (let turn = 0; turn < 10; turn += 1) {
    clock.advanceTo(clock.time);
    // What is set at the end of a turn is not due yet when the next one begins.
    clock.time += 5;
    clock.alarms.set(clock.time + 1000, () => {}).end();
    await Promise.resolve();
  }
  expect(rung).toEqual([15]);
});

test('one that is set while another rings rings too', () => {
  const clock = new HandClock();
  const rung: number[] = [];
  const ring = (): void => void rung.push(clock.time);
  clock.alarms.set(10, () => {
    ring();
    clock.alarms.set(10, ring);
    clock.alarms.set(25, ring);
  });
  clock.alarms.set(20, ring);
  clock.advanceTo(30);
  expect(rung).toEqual([10, 10, 20, 25]);
});
