import type { ThreadStart } from '../../src/thread/thread-messages.ts';

/** What a faulty thread is started with. */
export interface FaultyStart extends ThreadStart {
  /** In memory that the test has too. */
  readonly faults: Int32Array;
}

/** Where the fault of the next transaction is, whether one that waits may go on, and whether one does wait. */
export const FAULT = 0;
export const GATE = 1;
export const WAITING = 2;
export const PLACES = 3;

/** Waits before it commits, or before it begins, until it may go on. */
export const WAITS = 1;
export const WAITS_TO_BEGIN = 2;

/** The thread ends, or the driver throws: before the commit or after it. */
export const EXITS = 10;
export const THROWS = 20;
export const BEFORE = 1;
export const AFTER = 2;
