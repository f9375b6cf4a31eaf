import type { RegisterEvent, WriteCall } from './register-event.ts';

/** The state of the key: the value there. */
type Value = string | undefined;

/** One step of the order: the calls that came to be done with it, and the writes that may follow. */
interface Step {
  readonly value: Value;
  /** The first call that is left. */
  readonly from: number;
  readonly taken: readonly number[];
  /** Those that were not tried yet, the next one last. */
  readonly candidates: number[];
  /** The one that is tried. */
  tried: number | undefined;
}

/** Stands for every value that nobody ever saw: which of them is there makes no difference. */
const UNSEEN = '';

/**
 * Searches for an order of calls that explains all that they saw: depth first, and never twice from the same calls and
 * value (Wing and Gong, with Lowe's memory). That each value is written once makes it fast:
 *
 * - a call that changes nothing and fits is taken at once, since it fits no less for that;
 * - a value does not come back, so nothing may replace it before everybody who saw it has had their turn;
 * - of writes that differ in nothing that anybody saw, the one that has to come first is tried, and no other.
 */
export class Search {
  /** By when they began: those that were done, and behind them those that may have been done or not. */
  readonly #calls: readonly RegisterEvent[];
  /** How many calls certainly took effect. */
  readonly #certain: number;
  readonly #done = new Set<number>();
  readonly #tried = new Set<string>();
  /** How many calls that are still to come need each value. */
  readonly #needed = new Map<string, number>();

  constructor(events: readonly RegisterEvent[]) {
    const calls = events.filter(mayMatter).toSorted((a, b) => a.start - b.start);
    const certain = calls.filter((call) => !isOptional(call));
    this.#calls = [...certain, ...calls.filter(isOptional)];
    this.#certain = certain.length;
    for (const call of this.#calls) this.#count(call, 1);
  }

  /** Whether there is such an order. */
  succeeds(): boolean {
    const written = new Set(this.#calls.map((call) => (changesSomething(call) ? call.leaves : undefined)));
    // "No entry" is there at the beginning.
    written.add(undefined);
    const isKnown = (call: RegisterEvent): boolean => !waitsForItsValue(call) || written.has(needs(call));
    return this.#calls.every(isKnown) && this.#isExplained();
  }

  /** Whether the calls can follow on "no entry". No recursion: a key may have more calls than a stack has frames. */
  #isExplained(): boolean {
    const steps = [this.#stepOn(undefined, 0)];
    for (let step = steps.at(-1); step !== undefined; step = steps.at(-1)) {
      if (step.from === this.#certain) return true;
      // What was tried last led to nothing.
      if (step.tried !== undefined) this.#putBack(step.tried);
      step.tried = step.candidates.pop();
      if (step.tried === undefined) {
        for (const index of step.taken) this.#putBack(index);
        steps.pop();
        continue;
      }
      this.#take(step.tried);
      const { value, from } = step;
      const { leaves } = this.#calls[step.tried] as WriteCall;
      const replaces = value === undefined || (this.#needed.get(value) ?? 0) === 0;
      if (replaces) steps.push(this.#stepOn(this.#seenOrNot(leaves), from));
    }
    return false;
  }

  /** What can follow on a value, if all before `first` are done: nothing, where it was tried already. */
  #stepOn(value: Value, first: number): Step {
    const taken = this.#takeWhatFits(value, first);
    const from = this.#firstLeft(first);
    const position = this.#positionFrom(from, value);
    const isNew = from < this.#certain && !this.#tried.has(position);
    if (isNew) this.#tried.add(position);
    return {
      value,
      from,
      taken,
      candidates: isNew ? this.#candidates(value, from).toReversed() : [],
      tried: undefined,
    };
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

  /** The writes that may come next, one of each sort. */
  #candidates(value: Value, from: number): number[] {
    const best = new Map<string, number>();
    for (const index of this.#next(from)) {
      const call = this.#calls[index] as RegisterEvent;
      if (!changesSomething(call) || !fits(call, value)) continue;
      const { expects, outcome, deleted } = call;
      const sort = JSON.stringify([expects, outcome, this.#seenOrNot(call.leaves) ?? null, deleted]);
      const other = best.get(sort);
      if (other === undefined || call.end < (this.#calls[other] as RegisterEvent).end) best.set(sort, index);
    }
    return [...best.values()];
  }

  /** The calls that are left and began before any other that is left had ended. */
  #next(from: number): number[] {
    let latestStart = Infinity;
    const next: number[] = [];
    for (let index = from; index < this.#certain; index += 1) {
      const call = this.#calls[index] as RegisterEvent;
      if (call.start > latestStart) break;
      if (this.#done.has(index)) continue;
      latestStart = Math.min(latestStart, call.end);
      next.push(index);
    }
    for (let index = this.#certain; index < this.#calls.length; index += 1) {
      if ((this.#calls[index] as RegisterEvent).start > latestStart) break;
      if (!this.#done.has(index)) next.push(index);
    }
    // Only now is it known which of them is the first to have ended.
    return next.filter((index) => (this.#calls[index] as RegisterEvent).start <= latestStart);
  }

  /** What is done beside the calls before the first that is not, and the value. What is done began before what is left ended. */
  #positionFrom(from: number, value: Value): string {
    const beyond: number[] = [];
    let latestStart = Infinity;
    for (let index = from; index < this.#calls.length; index += 1) {
      const { start, end } = this.#calls[index] as RegisterEvent;
      if (start > latestStart) index = Math.max(index, this.#certain - 1);
      else if (this.#done.has(index)) beyond.push(index);
      else latestStart = Math.min(latestStart, end);
    }
    return `${from}+${beyond.join()}:${value ?? 'none'}`;
  }

  #firstLeft(first: number): number {
    let index = first;
    while (index < this.#certain && this.#done.has(index)) index += 1;
    return index;
  }

  #seenOrNot(leaves: Value): Value {
    return leaves === undefined || this.#needed.has(leaves) ? leaves : UNSEEN;
  }

  #take(index: number): void {
    this.#done.add(index);
    this.#count(this.#calls[index] as RegisterEvent, -1);
  }

  #putBack(index: number): void {
    this.#done.delete(index);
    this.#count(this.#calls[index] as RegisterEvent, 1);
  }

  #count(call: RegisterEvent, by: 1 | -1): void {
    const value = needs(call);
    if (value === undefined) return;
    this.#needed.set(value, (this.#needed.get(value) ?? 0) + (waitsForItsValue(call) ? by : 0));
  }
}

/** A call that said it had not been done, for a reason of its own, says nothing about the key. */
function mayMatter(event: RegisterEvent): boolean {
  return event.call !== 'write' || event.outcome !== 'not-applied';
}

function isOptional(event: RegisterEvent): boolean {
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
