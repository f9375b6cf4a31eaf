import { runDeep, type Deep } from '../support/deep.ts';
import { lastMoment, type Landed } from './landed.ts';
import type { TransactionEvent } from './transaction-event.ts';

type Value = string | undefined;

/** One transaction of the search. */
interface Item {
  readonly reads: readonly (readonly [key: string, value: Value])[];
  readonly writes: readonly Write[];
  readonly keys: ReadonlySet<string>;
  readonly start: number;
  readonly end: number;
  /** Whether it has to have been done. */
  readonly isCertain: boolean;
}

interface Write {
  readonly key: string;
  readonly value: Value;
  /** Whether its transaction has seen what it replaces, and that was there once only. */
  readonly isOnTop: boolean;
}

/**
 * Searches for an order of transactions, one that real time allows, in which each of them sees what those before it have
 * left. It is mostly one way through: a value that is written once does not come back, so nothing may replace it
 * before everybody who saw it has had their turn. So whoever may come next, and has seen what it replaces, comes at once.
 * Only of those that replace what they have not seen, or what may be there again, and meet in that, one after the other is
 * tried, and never twice from the same place; and of those that may not have been done at all.
 */
export class SerialSearch {
  /** By when they began: those that were done, and behind them those that may not have been. */
  readonly #items: readonly Item[];
  /** How many of them were done. */
  readonly #certain: number;
  readonly #state = new Map<string, Value>();
  readonly #done = new Set<number>();
  /** Of those that may not have been done, the ones that were. */
  readonly #chosen = new Set<number>();
  readonly #tried = new Set<string>();
  /** The keys that somebody deletes: of what is not there, there are several sorts. */
  readonly #deleted: ReadonlySet<string>;
  /** How many that are still to come saw a value: of those that were done, and of the others. */
  readonly #needed = new Map<string, number>();
  readonly #wanted = new Map<string, number>();
  /** Those that have to do with a key. */
  readonly #others = new Map<string, number[]>();

  constructor({ certain, perhaps }: Landed) {
    const all = [...certain, ...perhaps];
    const deletes = all.flatMap(({ writes }) => Object.entries(writes).filter(([, value]) => value === undefined));
    this.#deleted = new Set(deletes.map(([key]) => key));
    const byStart = (events: readonly TransactionEvent[]) => events.toSorted((a, b) => a.start - b.start);
    this.#items = [
      ...byStart(certain).map((event) => this.#itemOf(event, true)),
      ...byStart(perhaps).map((event) => this.#itemOf(event, false)),
    ];
    this.#certain = certain.length;
    for (const [index, item] of this.#items.entries()) {
      this.#count(item, 1);
      for (const key of item.keys) {
        const others = this.#others.get(key);
        if (others === undefined) this.#others.set(key, [index]);
        else others.push(index);
      }
    }
  }

  /** Whether there is such an order. */
  succeeds(): boolean {
    return runDeep(this.#explains(0));
  }

  /** Whether those that are left can follow; all before `first` are done. */
  *#explains(first: number): Deep<boolean> {
    const before: Undo[] = [];
    this.#takeWhatMustFit(first, before);
    const from = this.#firstLeft(first);
    if (from === this.#certain) return true;
    const place = this.#placeFrom(from);
    if (!this.#tried.has(place)) {
      this.#tried.add(place);
      for (const index of this.#next(from).filter((it) => this.#mayCome(it))) {
        const undo = this.#take(index);
        if (yield this.#explains(from)) return true;
        this.#putBack(undo);
      }
    }
    for (const undo of before.toReversed()) this.#putBack(undo);
    return false;
  }

  /** Takes whatever may come now and makes it no harder for the others. */
  #takeWhatMustFit(first: number, taken: Undo[]): void {
    for (let before = -1; before < taken.length;) {
      before = taken.length;
      for (const index of this.#next(this.#firstLeft(first))) {
        if (this.#mayCome(index) && this.#isInNobodysWay(index)) taken.push(this.#take(index));
      }
    }
  }

  /** Whether one sees what is there, and nobody who was done still has to see what it replaces. */
  #mayCome(index: number): boolean {
    const { reads, writes, isCertain } = this.#items[index] as Item;
    if (!reads.every(([key, value]) => this.#state.get(key) === value)) return false;
    return writes.every(({ key }) => {
      const value = this.#state.get(key);
      if (this.#comesBack(key, value)) return true;
      const own = isCertain && reads.some(([read]) => read === key) ? 1 : 0;
      return (this.#needed.get(nameOf(key, value)) ?? 0) === own;
    });
  }

  /** Whether nobody, done or not, can have come before one that may come now. */
  #isInNobodysWay(index: number): boolean {
    const { isCertain, writes } = this.#items[index] as Item;
    if (!isCertain) return false;
    return writes.every(({ key, isOnTop }) =>
      isOnTop ? !this.#wanted.get(nameOf(key, this.#state.get(key))) : this.#isAloneAt(key, index),
    );
  }

  /** Whether of all that are left and began before one ended no other has to do with a key. */
  #isAloneAt(key: string, index: number): boolean {
    const { end } = this.#items[index] as Item;
    const others = this.#others.get(key) ?? [];
    return others.every(
      (other) => other === index || this.#done.has(other) || (this.#items[other] as Item).start > end,
    );
  }

  /** Those that are left and began before any other that is left had ended. */
  #next(from: number): number[] {
    let latestStart = Infinity;
    const next: number[] = [];
    for (let index = from; index < this.#certain; index += 1) {
      const { start, end } = this.#items[index] as Item;
      if (start > latestStart) break;
      if (this.#done.has(index)) continue;
      latestStart = Math.min(latestStart, end);
      next.push(index);
    }
    for (let index = this.#certain; index < this.#items.length; index += 1) {
      if ((this.#items[index] as Item).start > latestStart) break;
      if (!this.#done.has(index)) next.push(index);
    }
    // Only now is it known which of them is the first to have ended.
    return next.filter((index) => (this.#items[index] as Item).start <= latestStart);
  }

  #firstLeft(first: number): number {
    let index = first;
    while (index < this.#certain && this.#done.has(index)) index += 1;
    return index;
  }

  /** What is done beside those before the first that is not, and all that is there. */
  #placeFrom(from: number): string {
    const { end } = this.#items[from] as Item;
    const beyond = [...this.#chosen].toSorted((a, b) => a - b);
    // What is done began before this one ended.
    for (let index = from + 1; index < this.#certain; index += 1) {
      if ((this.#items[index] as Item).start > end) break;
      if (this.#done.has(index)) beyond.push(index);
    }
    const there = [...this.#state].filter(([, value]) => value !== undefined).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `${from}+${beyond.join()}:${JSON.stringify(there)}`;
  }

  #take(index: number): Undo {
    const item = this.#items[index] as Item;
    const replaced = item.writes.map(({ key }) => [key, this.#state.get(key)] as const);
    for (const { key, value } of item.writes) this.#state.set(key, value);
    this.#done.add(index);
    if (!item.isCertain) this.#chosen.add(index);
    this.#count(item, -1);
    return { index, replaced };
  }

  #putBack({ index, replaced }: Undo): void {
    for (const [key, value] of replaced) this.#state.set(key, value);
    this.#done.delete(index);
    this.#chosen.delete(index);
    this.#count(this.#items[index] as Item, 1);
  }

  #count({ reads, isCertain }: Item, by: 1 | -1): void {
    const counts = isCertain ? this.#needed : this.#wanted;
    for (const [key, value] of reads) {
      const name = nameOf(key, value);
      counts.set(name, (counts.get(name) ?? 0) + by);
    }
  }

  #itemOf(event: TransactionEvent, isCertain: boolean): Item {
    const { reads, writes, start } = event;
    const [read, written] = [Object.entries(reads), Object.entries(writes)];
    return {
      reads: read,
      writes: written.map(([key, value]) => {
        const isOnTop = Object.hasOwn(reads, key) && !this.#comesBack(key, reads[key]);
        return { key, value, isOnTop };
      }),
      keys: new Set([...read, ...written].map(([key]) => key)),
      start,
      end: lastMoment(event),
      isCertain,
    };
  }

  /** Whether a value may be there again after it was replaced: only what is not there may. */
  #comesBack(key: string, value: Value): boolean {
    return value === undefined && this.#deleted.has(key);
  }
}

/** What one was done on, to go back. */
interface Undo {
  readonly index: number;
  readonly replaced: readonly (readonly [key: string, value: Value])[];
}

function nameOf(key: string, value: Value): string {
  return value === undefined ? key : `${key}\n${value}`;
}
