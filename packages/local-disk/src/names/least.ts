import { compareCodePoints } from '@holdfast/core/adapter';

/**
 * Keeps the least of any number of items, by the code point order of their keys: a heap with the greatest kept one
 * on top, so that it holds `most` of them at a time however many come.
 */
export class Least<T> {
  readonly #most: number;
  readonly #heap: { readonly key: string; readonly item: T }[] = [];

  /** `most` is at least 1. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Whether an item more takes the place of another one. */
  get isFull(): boolean {
    return this.#heap.length >= this.#most;
  }

  /** Whether an item with this key would be kept now. */
  wouldKeep(key: string): boolean {
    const top = this.#heap[0];
    return top === undefined || !this.isFull || compareCodePoints(key, top.key) < 0;
  }

  /** Keeps an item that {@link wouldKeep}, in the place of the greatest one when there are enough. */
  keep(key: string, item: T): void {
    if (!this.isFull) this.#rise(this.#heap.push({ key, item }) - 1);
    else {
      this.#heap[0] = { key, item };
      this.#sink();
    }
  }

  /** What is kept, in no particular order. */
  items(): T[] {
    return this.#heap.map(({ item }) => item);
  }

  #rise(from: number): void {
    for (let at = from, above; at > 0 && this.#isGreater(at, (above = (at - 1) >> 1)); at = above)
      this.#swap(at, above);
  }

  #sink(): void {
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const greater = this.#isGreater(left + 1, left) ? left + 1 : left;
      if (!this.#isGreater(greater, at)) return;
      this.#swap(at, greater);
      at = greater;
    }
  }

  #isGreater(a: number, b: number): boolean {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    return left !== undefined && right !== undefined && compareCodePoints(left.key, right.key) > 0;
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (left === undefined || right === undefined) return;
    this.#heap[a] = right;
    this.#heap[b] = left;
  }
}
