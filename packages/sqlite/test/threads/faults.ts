import type { ThreadStart } from '../../src/thread/thread-messages.ts';

/** What a faulty thread is started with. */
export interface FaultyStart extends ThreadStart {
  /** In memory that the test has too. */
  readonly faults: Int32Array;
}

/** Where the fault of the next commit is, and whether commits that wait may go on. */
export const FAULT = 0;
export const GATE = 1;

/** Waits before it commits, until it may go on. */
export const WAITS = 1;

/** The thread ends, or the driver throws: before the commit or after it. */
export const EXITS = 10;
export const THROWS = 20;
export const BEFORE = 1;
export const AFTER = 2;
