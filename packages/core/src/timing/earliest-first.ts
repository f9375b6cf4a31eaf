/** What has a moment, and keeps the place that it has among others. */
export interface Placed {
  readonly moment: number;
  /** -1 when it has none. */
  place: number;
}

/** A binary heap: gives what is earliest, and takes out whatever is in it, both in a time that grows with the logarithm. */
export class EarliestFirst<T extends Placed> {
  /** Each is no later than the two that follow it, at twice its place and 1 and 2. */
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  get first(): T | undefined {
    return this.#items[0];
  }

  add(item: T): void {
    this.#items.push(item);
    this.#rise(item, this.#items.length - 1);
  }

  /** Nothing for what is not in it. */
  delete(item: T): void {
    const { place } = item;
    if (place < 0) return;
    item.place = -1;
    const last = this.#items.pop() as T;
    if (last === item) return;
    this.#rise(last, place);
    this.#sink(last, last.place);
  }

  /** Moves what is later than an item at a place behind it. */
  #rise(item: T, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = this.#items[above] as T;
      if (other.moment <= item.moment) break;
      this.#put(other, place);
      place = above;
    }
    this.#put(item, place);
  }

  /** Moves what is earlier than an item at a place before it. */
  #sink(item: T, from: number): void {
    let place = from;
    for (;;) {
      const left = this.#items[2 * place + 1];
      const right = this.#items[2 * place + 2];
      const next = left !== undefined && right !== undefined && right.moment < left.moment ? right : left;
      if (next === undefined || next.moment >= item.moment) break;
      const free = next.place;
      this.#put(next, place);
      place = free;
    }
    this.#put(item, place);
  }

  #put(item: T, place: number): void {
    this.#items[place] = item;
    item.place = place;
  }
}
