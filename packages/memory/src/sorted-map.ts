import { compareCodePoints } from '@holdfast/core/adapter';

// A leaf is split when it outgrows this. Large enough that the list of leaves stays short, small enough that
// inserting into one moves little memory.
const MAX_LEAF = 256;

/**
 * A map from strings to values with its keys in code point order: a `Map`, and beside it the keys in a two-level B-tree, which
 * is touched only when a key comes or goes. Then two binary searches find its place, and a short array is moved.
 */
export class SortedMap<V> {
  readonly #values = new Map<string, V>();
  /** Non-empty except for a single empty leaf; every key of a leaf sorts before those of the next. */
  readonly #leaves: string[][] = [[]];

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: V): void {
    const { size } = this.#values;
    this.#values.set(key, value);
    if (this.#values.size === size) return;
    const leaf = this.#leafFor(key);
    leaf.splice(lowerBound(leaf, key), 0, key);
    if (leaf.length > MAX_LEAF) this.#split(leaf);
  }

  delete(key: string): boolean {
    if (!this.#values.delete(key)) return false;
    const leaf = this.#leafFor(key);
    leaf.splice(lowerBound(leaf, key), 1);
    if (leaf.length === 0 && this.#leaves.length > 1) this.#leaves.splice(this.#leaves.indexOf(leaf), 1);
    return true;
  }

  /** The values of the keys from `from` up to, not including, `below`, in order. Not to be used across changes. */
  *range(from: string, below: string): Generator<V, void, undefined> {
    for (let at = this.#leafIndexFor(from); at < this.#leaves.length; at += 1) {
      const keys = this.#leaves[at] as string[];
      for (let index = lowerBound(keys, from); index < keys.length; index += 1) {
        const key = keys[index] as string;
        if (compareCodePoints(key, below) >= 0) return;
        yield this.#values.get(key) as V;
      }
    }
  }

  #leafFor(key: string): string[] {
    return this.#leaves[this.#leafIndexFor(key)] as string[];
  }

  /** The last leaf whose first key is not above `key`, or the first leaf. */
  #leafIndexFor(key: string): number {
    let low = 0;
    let high = this.#leaves.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (compareCodePoints((this.#leaves[middle] as string[])[0] as string, key) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #split(leaf: string[]): void {
    const right = leaf.splice(leaf.length >>> 1);
    this.#leaves.splice(this.#leaves.indexOf(leaf) + 1, 0, right);
  }
}

/** The index of the first key that does not sort before `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareCodePoints(keys[middle] as string, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
