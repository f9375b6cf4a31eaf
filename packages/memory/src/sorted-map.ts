import { compareCodePoints } from '@holdfast/core/adapter';

// A leaf is split when it outgrows this. Large enough that the list of leaves stays short, small enough that
// inserting into one moves little memory.
const MAX_LEAF = 256;

/**
 * A map from strings to values with its keys in code point order: a two-level B-tree, so that a lookup is two
 * binary searches and an insertion moves one short array.
 */
export class SortedMap<V> {
  /** Non-empty except for a single empty leaf; every key of a leaf sorts before those of the next. */
  readonly #leaves: Leaf<V>[] = [{ keys: [], values: [] }];

  get(key: string): V | undefined {
    const leaf = this.#leafFor(key);
    const index = lowerBound(leaf.keys, key);
    return leaf.keys[index] === key ? leaf.values[index] : undefined;
  }

  set(key: string, value: V): void {
    const leaf = this.#leafFor(key);
    const index = lowerBound(leaf.keys, key);
    if (leaf.keys[index] === key) {
      leaf.values[index] = value;
      return;
    }
    leaf.keys.splice(index, 0, key);
    leaf.values.splice(index, 0, value);
    if (leaf.keys.length > MAX_LEAF) this.#split(leaf);
  }

  delete(key: string): boolean {
    const leaf = this.#leafFor(key);
    const index = lowerBound(leaf.keys, key);
    if (leaf.keys[index] !== key) return false;
    leaf.keys.splice(index, 1);
    leaf.values.splice(index, 1);
    if (leaf.keys.length === 0 && this.#leaves.length > 1) this.#leaves.splice(this.#leaves.indexOf(leaf), 1);
    return true;
  }

  /** The values of the keys from `from` up to, not including, `below`, in order. Not to be used across changes. */
  *range(from: string, below: string): Generator<V, void, undefined> {
    for (let at = this.#leafIndexFor(from); at < this.#leaves.length; at += 1) {
      const { keys, values } = this.#leaves[at] as Leaf<V>;
      for (let index = lowerBound(keys, from); index < keys.length; index += 1) {
        if (compareCodePoints(keys[index] as string, below) >= 0) return;
        yield values[index] as V;
      }
    }
  }

  #leafFor(key: string): Leaf<V> {
    return this.#leaves[this.#leafIndexFor(key)] as Leaf<V>;
  }

  /** The last leaf whose first key is not above `key`, or the first leaf. */
  #leafIndexFor(key: string): number {
    let low = 0;
    let high = this.#leaves.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (compareCodePoints((this.#leaves[middle] as Leaf<V>).keys[0] as string, key) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #split(leaf: Leaf<V>): void {
    const half = leaf.keys.length >>> 1;
    const right = { keys: leaf.keys.splice(half), values: leaf.values.splice(half) };
    this.#leaves.splice(this.#leaves.indexOf(leaf) + 1, 0, right);
  }
}

interface Leaf<V> {
  readonly keys: string[];
  readonly values: V[];
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
