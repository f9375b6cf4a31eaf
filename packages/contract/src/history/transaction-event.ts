/**
 * What one transaction over several keys did, as its caller saw it. What it left at a key is a value that is written once
 * there and by it only, so that a value tells which transaction it came from. `undefined` stands for no entry.
 */
export interface TransactionEvent {
  /** What it is called, for people. */
  readonly name: string;
  /** What it saw, by key. */
  readonly reads: Readonly<Record<string, string | undefined>>;
  /** What it leaves, by key; `undefined` where it deletes. A key that it has not read it writes whatever is there. */
  readonly writes: Readonly<Record<string, string | undefined>>;
  /** When it began and when its answer came, by a counter that goes up with each of them. */
  readonly start: number;
  readonly end: number;
  /** `unknown`: it may have been done at any time since it began, or never. */
  readonly outcome: 'committed' | 'not-applied' | 'unknown';
}
