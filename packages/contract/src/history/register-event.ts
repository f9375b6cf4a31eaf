/**
 * What one call on one key did, as its caller saw it. Values are tags that are written once and by one call only, so
 * that a value tells which write it came from. `undefined` stands for no entry.
 */
export type RegisterEvent = ReadCall | LookCall | WriteCall;

interface Timed {
  /** When the call was made and when its answer came, by a counter that goes up with each of them. */
  readonly start: number;
  readonly end: number;
}

/** A read, and the value it saw. */
export interface ReadCall extends Timed {
  readonly call: 'read';
  readonly saw: string | undefined;
}

/** A look at the names there are: whether there was an entry, but not which. */
export interface LookCall extends Timed {
  readonly call: 'look';
  readonly saw: boolean;
}

/** A write or a delete. */
export interface WriteCall extends Timed {
  readonly call: 'write';
  /** What is to be there for it to be done. A value that it names is one that it knew by its version. */
  readonly expects: 'absent' | 'any' | { readonly value: string };
  /** What it leaves; `undefined` for a delete. */
  readonly leaves: string | undefined;
  /**
   * `done`, for a delete also whether it said that there was something; `refused`, since the expectation did not hold;
   * `not-applied` for any other reason; or `unknown`, so that it may have been done at any time since.
   */
  readonly outcome: 'done' | 'refused' | 'not-applied' | 'unknown';
  /** What a delete that was done answered. */
  readonly deleted?: boolean;
}
