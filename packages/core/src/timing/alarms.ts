import type { Timer } from './clock.ts';
import { EarliestFirst, type Placed } from './earliest-first.ts';

/** What rings at a moment, unless it is ended before. */
export interface Alarm {
  /** Nothing when it has rung. */
  end(): void;
}

/** What alarms need of a clock. */
export interface AlarmTimers {
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): Timer;
  clearTimeout(timer: Timer | undefined): void;
}

/**
 * Alarms of which most are ended before they ring, as deadlines are. All share one timer, which stays when what it was set
 * for is ended: so an alarm costs its place among the others. The process lives on while one is set.
 */
export class Alarms {
  readonly #timers: AlarmTimers;
  readonly #set = new EarliestFirst<SetAlarm>();
  // It is the timer that tells, and the clock may not be there yet.
  readonly #ring = (): void => this.#timeUp(Math.max(this.#timers.now(), this.#timerRings));
  #timer: Timer | undefined;
  #timerRings = Infinity;

  constructor(timers: AlarmTimers) {
    this.#timers = timers;
  }

  /** Rings at a moment of the clock, or soon if that has passed, but not before this returns. */
  set(moment: number, ring: () => void): Alarm {
    const now = this.#timers.now();
    const alarm = new SetAlarm(moment, ring, this);
    this.#set.add(alarm);
    if (this.#timerRings < now) this.#ringSoon();
    else if (moment < this.#timerRings) this.#setTimer(this.#set.first ?? alarm, now);
    else if (this.#set.size === 1) holdProcess(this.#timer, true);
    return alarm;
  }

  /** @internal */
  end(alarm: SetAlarm): void {
    this.#set.delete(alarm);
    if (this.#set.size === 0) holdProcess(this.#timer, false);
  }

  #setTimer({ moment }: SetAlarm, now: number): void {
    this.#timers.clearTimeout(this.#timer);
    this.#timerRings = moment;
    this.#timer = this.#timers.setTimeout(this.#ring, Math.max(0, Math.ceil(moment - now)));
  }

  /**
   * Without the timer, which should have rung: the event loop had no time for it, and setting it anew would make it late again
   * in a process that is busy between one alarm and the next; or its clock is gone, one of a test.
   */
  #ringSoon(): void {
    void Promise.resolve().then(() => {
      const now = this.#timers.now();
      if (this.#timerRings < now) this.#timeUp(now);
    });
  }

  #timeUp(until: number): void {
    this.#timers.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerRings = Infinity;
    for (let due = this.#set.first; due !== undefined && due.moment <= until; due = this.#set.first) {
      this.#set.delete(due);
      due.ring();
    }
    const next = this.#set.first;
    if (next !== undefined && next.moment < this.#timerRings) this.#setTimer(next, this.#timers.now());
  }
}

class SetAlarm implements Alarm, Placed {
  readonly moment: number;
  readonly ring: () => void;
  place = -1;
  readonly #alarms: Alarms;

  constructor(moment: number, ring: () => void, alarms: Alarms) {
    this.moment = moment;
    this.ring = ring;
    this.#alarms = alarms;
  }

  end(): void {
    this.#alarms.end(this);
  }
}

/** A browser numbers its timers, and no process lives on for them. */
function holdProcess(timer: Timer | undefined, holds: boolean): void {
  if (typeof timer !== 'object') return;
  const { ref, unref } = timer as { ref?(): void; unref?(): void };
  (holds ? ref : unref)?.call(timer);
}
