import { runDeep, type Deep } from '../support/deep.ts';
import type { RegisterEvent, WriteCall } from './register-event.ts';

/** The state of the key: the value there. */
type Value = string | undefined;

/** A write that may come next, or, where it may let its turn pass, that it does. */
interface Candidate {
  readonly index: number;
  readonly passes: boolean;
}

/** Stands for every value that nobody who is still to come names: which of them is there makes no difference. */
const UNSEEN = '';

/**
 * Searches for an order of calls that explains all that they saw: depth first, and never twice from the same calls and
 * value (Wing and Gong, with Lowe's memory), nor from there once more with less of unknown outcome left to choose from. That
 * each value is written once makes it fast:
 *
 * - a call that changes nothing and fits is taken at once, since it fits no less for that;
 * - a value does not come back, so nothing may replace it before everybody who saw it has had their turn;
 * - of writes that differ in nothing that anybody saw, the one that has to come first is tried, and no other.
 */
export class Search {
  /**
   * By when they began: those that had their turn while they were under way, and behind them those that may have it at any
   * time or never.
   */
  readonly #calls: readonly RegisterEvent[];
  /** How many had their turn while they were under way. */
  readonly #timed: number;
  /** The others, by what they expect. */
  readonly #timeless: ReadonlyMap<string, readonly number[]>;
  /** Those that may have let it pass. */
  readonly #perhaps: ReadonlySet<RegisterEvent>;
  readonly #done = new Set<number>();
  /** Of those that may not have been done at all, the ones that were. */
  readonly #chosen = new Set<number>();
  /** What had been chosen where this was tried from a position. */
  readonly #tried = new Map<string, readonly ReadonlySet<number>[]>();
  /** How many calls that are still to come certainly need each value, and how many name it at all. */
  readonly #needed = new Map<string, number>();
  readonly #named = new Map<string, number>();

  /** How many more positions may be looked at. */
  #left: number;

  /**
   * @param perhaps writes that may have been done at some moment of their time, or not
   * @param mostPositions after how many positions to give up
   */
  constructor(events: readonly RegisterEvent[], perhaps: readonly WriteCall[] = [], mostPositions: number = Infinity) {
    const mattering = events.filter(mayMatter);
    const timed = [...mattering.filter((call) => !isUnknown(call)), ...perhaps.filter(({ end }) => end < Infinity)];
    const timeless = [...mattering.filter(isUnknown), ...perhaps.filter(({ end }) => end === Infinity)];
    const byStart = (calls: readonly RegisterEvent[]) => calls.toSorted((a, b) => a.start - b.start);
    this.#calls = [...byStart(timed), ...byStart(timeless)];
    this.#timed = timed.length;
    this.#perhaps = new Set(perhaps);
    this.#timeless = Map.groupBy(
      timeless.map((_, nth) => timed.length + nth),
      (index) => {
        const { expects } = this.#calls[index] as WriteCall;
        return typeof expects === 'string' ? expects : `on ${expects.value}`;
      },
    );
    this.#left = mostPositions;
    for (const call of this.#calls) this.#count(call, 1);
  }

  /** Whether there is such an order; `undefined` if it was given up before that was known. */
  succeeds(): boolean | undefined {
    const written = new Set(this.#calls.map((call) => (changesSomething(call) ? call.leaves : undefined)));
    // "No entry" is there at the beginning.
    written.add(undefined);
    const isKnown = (call: RegisterEvent): boolean => !waitsForItsValue(call) || written.has(needs(call));
    if (!this.#calls.every(isKnown)) return false;
    return runDeep(this.#explains(undefined, 0)) || (this.#left > 0 ? false : undefined);
  }

  /** Whether the calls that are left can follow on a value; all before `first` are done. */
  *#explains(value: Value, first: number): Deep<boolean> {
    const taken = this.#takeWhatFits(value, first);
    const from = this.#firstLeft(first);
    if (from === this.#timed) return true;
    if (this.#left > 0 && this.#isNew(this.#positionFrom(from, value))) {
      this.#left -= 1;
      for (const { index, passes } of this.#candidates(value, from)) {
        this.#take(index);
        const mayGo = passes || value === undefined || (this.#needed.get(value) ?? 0) === 0;
        const { leaves } = this.#calls[index] as WriteCall;
        if (mayGo && (yield this.#explains(passes ? value : leaves, from))) return true;
        this.#putBack(index);
      }
    }
    for (const index of taken) this.#putBack(index);
    return false;
  }

  /** Takes the calls that change nothing and may come now, which can let further ones come. */
  #takeWhatFits(value: Value, first: number): number[] {
    const taken: number[] = [];
    for (let before = -1; before < taken.length;) {
      before = taken.length;
      for (const index of this.#next(this.#firstLeft(first))) {
        const call = this.#calls[index] as RegisterEvent;
        if (changesSomething(call) || !fits(call, value)) continue;
        this.#take(index);
        taken.push(index);
      }
    }
    return taken;
  }

  /** The writes that may come next, one of each sort, in the order in which they are tried. */
  #candidates(value: Value, from: number): Candidate[] {
    const best = new Map<string, number>();
    const next = this.#next(from);
    for (const index of [...next, ...this.#nextTimeless(next, value)]) {
      const call = this.#calls[index] as RegisterEvent;
      if (!changesSomething(call) || !fits(call, value)) continue;
      const { expects, outcome, deleted } = call;
      const sort = JSON.stringify([expects, outcome, this.#seenOrNot(call.leaves) ?? null, deleted]);
      const other = best.get(sort);
      if (other === undefined || this.#endOf(index) < this.#endOf(other)) best.set(sort, index);
    }
    const writes = [...best.values()].map((index) => ({ index, passes: false }));
    const passing = this.#nextToPass(next);
    return passing === undefined ? writes : [...writes, { index: passing, passes: true }];
  }

  /** The one that holds up the others first, if it may let its turn pass. */
  #nextToPass(next: readonly number[]): number | undefined {
    return next
      .filter((index) => this.#perhaps.has(this.#calls[index] as RegisterEvent))
      .toSorted((a, b) => this.#endOf(a) - this.#endOf(b))[0];
  }

  /** The calls that are left, had their turn in time, and began before any other of these that is left had ended. */
  #next(from: number): number[] {
    let latestStart = Infinity;
    const next: number[] = [];
    for (let index = from; index < this.#timed; index += 1) {
      const { start, end } = this.#calls[index] as RegisterEvent;
      if (start > latestStart) break;
      if (this.#done.has(index)) continue;
      latestStart = Math.min(latestStart, end);
      next.push(index);
    }
    // Only now is it known which of them is the first to have ended.
    return next.filter((index) => (this.#calls[index] as RegisterEvent).start <= latestStart);
  }

  /**
   * The calls of unknown outcome that are left, fit a value, and began before any that had its turn in time, is left and
   * had ended.
   */
  #nextTimeless(next: readonly number[], value: Value): number[] {
    const latestStart = next.reduce((first, index) => Math.min(first, this.#endOf(index)), Infinity);
    const fitting = ['any', value === undefined ? 'absent' : `on ${value}`].flatMap(
      (sort) => this.#timeless.get(sort) ?? [],
    );
    return fitting.filter(
      (index) => !this.#done.has(index) && (this.#calls[index] as RegisterEvent).start <= latestStart,
    );
  }

  /** What is certainly done beside the calls before the first that is not, and the value. */
  #positionFrom(from: number, value: Value): string {
    return `${from}+${this.#beyond(from).join()}:${this.#seenOrNot(value) ?? 'none'}`;
  }

  #beyond(from: number): number[] {
    const { end } = this.#calls[from] as RegisterEvent;
    const beyond: number[] = [];
    // What is done began before this one ended.
    for (let index = from + 1; index < this.#timed; index += 1) {
      if ((this.#calls[index] as RegisterEvent).start > end) break;
      if (this.#done.has(index)) beyond.push(index);
    }
    return beyond;
  }

  /** Whether nobody was at a position before who had as much left to choose from. */
  #isNew(position: string): boolean {
    const before = this.#tried.get(position) ?? [];
    if (before.some((chosen) => chosen.isSubsetOf(this.#chosen))) return false;
    const others = before.filter((chosen) => !chosen.isSupersetOf(this.#chosen));
    this.#tried.set(position, [...others, new Set(this.#chosen)]);
    return true;
  }

  /** By when it has had its turn, if ever. */
  #endOf(index: number): number {
    return index < this.#timed ? (this.#calls[index] as RegisterEvent).end : Infinity;
  }

  #firstLeft(first: number): number {
    let index = first;
    while (index < this.#timed && this.#done.has(index)) index += 1;
    return index;
  }

  #seenOrNot(leaves: Value): Value {
    return leaves === undefined || this.#named.get(leaves) ? leaves : UNSEEN;
  }

  #take(index: number): void {
    this.#done.add(index);
    if (index >= this.#timed) this.#chosen.add(index);
    this.#count(this.#calls[index] as RegisterEvent, -1);
  }

  #putBack(index: number): void {
    this.#done.delete(index);
    this.#chosen.delete(index);
    this.#count(this.#calls[index] as RegisterEvent, 1);
  }

  #count(call: RegisterEvent, by: 1 | -1): void {
    const value = needs(call);
    if (value === undefined) return;
    this.#named.set(value, (this.#named.get(value) ?? 0) + by);
    if (waitsForItsValue(call)) this.#needed.set(value, (this.#needed.get(value) ?? 0) + by);
  }
}

/** A call that said it had not been done, for a reason of its own, says nothing about the key. */
function mayMatter(event: RegisterEvent): boolean {
  return event.call !== 'write' || event.outcome !== 'not-applied';
}

function isUnknown(event: RegisterEvent): boolean {
  return event.call === 'write' && event.outcome === 'unknown';
}

function changesSomething(event: RegisterEvent): event is WriteCall {
  return event.call === 'write' && event.outcome !== 'refused';
}

/** Whether a call certainly took effect on the value that it names. */
function waitsForItsValue(event: RegisterEvent): boolean {
  return event.call !== 'write' || event.outcome === 'done';
}

/** The value that a call names, so that it makes a difference whether that one is there. */
function needs(event: RegisterEvent): Value {
  if (event.call === 'read') return event.saw;
  return event.call === 'write' && typeof event.expects === 'object' ? event.expects.value : undefined;
}

/** Whether a call can take effect on a value. */
function fits(call: RegisterEvent, value: Value): boolean {
  if (call.call === 'read') return call.saw === value;
  if (call.call === 'look') return call.saw === (value !== undefined);
  const { expects, outcome, deleted } = call;
  const holds = typeof expects === 'object' ? value === expects.value : expects === 'any' || value === undefined;
  if (outcome === 'refused') return !holds;
  return holds && (deleted === undefined || deleted === (value !== undefined));
}
