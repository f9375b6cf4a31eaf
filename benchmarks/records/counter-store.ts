/** A store of counters, with whatever counts them up: one side of a comparison. */
export interface CounterStore extends AsyncDisposable {
  /** Who it is, with what a reader of figures has to know: `pg, named statements, pool of 10`. */
  readonly name: string;
  /** What a write that was answered survives, as the store itself says: `journal_mode wal, synchronous full`. */
  readonly durability: string;
  /** Reads a counter, adds one and writes it back, in such a way that nobody's addition is lost. */
  increment(key: number): Promise<unknown>;
  /** How much was added to all of them together. Asked when nobody writes. */
  total(): Promise<number>;
}
