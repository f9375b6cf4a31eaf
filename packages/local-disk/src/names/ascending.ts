import { compareCodePoints } from '@holdfast/core/adapter';

/** An item, and what it is ordered by. */
interface Keyed<T> {
  readonly key: string;
  readonly item: T;
}

/**
 * Gives items in the code point order of their keys, least first. Orders no more of them than it takes to give the next
 * one: a few comparisons for each before the first, then hardly any. What was given is let go of.
 */
export class Ascending<T> {
  /** The least comes last. */
  readonly #left: Keyed<T>[];
  /** Where those are, in ascending order, of which it is known that all before them are greater and all behind them less. */
  readonly #settled: number[] = [];

  constructor(items: readonly T[], keyOf: (item: T) => string) {
    this.#left = items.map((item) => ({ key: keyOf(item), item }));
  }

  /** How many are left. */
  get size(): number {
    return this.#left.length;
  }

  /** The least that is left, which it then is not any more; `undefined` when none is. */
  take(): T | undefined {
    const last = this.#left.length - 1;
    for (let settled = this.#settled.at(-1) ?? -1; settled < last;) {
      settled = this.#settle(settled + 1);
      this.#settled.push(settled);
    }
    this.#settled.pop();
    return this.#left.pop()?.item;
  }

  /** Puts one of those that begin at `first`, any, where it belongs, the greater ones before and the lesser behind it. */
  #settle(first: number): number {
    const left = this.#left;
    // Any of them, since a chosen one could be the greatest each time in names that somebody made up.
    this.#swap(first + Math.floor(Math.random() * (left.length - first)), left.length - 1);
    const { key } = left[left.length - 1] as Keyed<T>;
    let place = first;
    for (let at = first; at < left.length - 1; at += 1) {
      if (compareCodePoints((left[at] as Keyed<T>).key, key) > 0) this.#swap(at, place++);
    }
    this.#swap(place, left.length - 1);
    return place;
  }

  #swap(a: number, b: number): void {
    const left = this.#left;
    [left[a], left[b]] = [left[b] as Keyed<T>, left[a] as Keyed<T>];
  }
}
