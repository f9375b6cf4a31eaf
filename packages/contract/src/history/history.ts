/**
 * What one operation on one key did, as its caller saw it. Values are tags that are written once and by one
 * operation only, so that a value tells which write it came from. `undefined` stands for no entry.
 */
export type HistoryEvent = ReadEvent | WriteEvent;

interface Timed {
  /** When the call was made and when its answer came, on one clock. */
  readonly start: number;
  readonly end: number;
}

/** A read and what it saw. */
export interface ReadEvent extends Timed {
  readonly type: 'read';
  readonly saw: string | undefined;
}

/** A conditional write on top of the value its writer had read. */
export interface WriteEvent extends Timed {
  readonly type: 'write';
  readonly tag: string;
  readonly onTopOf: string | undefined;
  readonly outcome: 'applied' | 'not-applied' | 'unknown';
}
