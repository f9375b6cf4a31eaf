import type { GroupResult, WriteGroup } from '@holdfast/sql';

/** What became of groups that were written in one transaction. */
export interface Written {
  /** A result for each. */
  readonly results: readonly GroupResult[];
  /** For how long the write lock was held, in milliseconds. */
  readonly heldMs: number;
}

/** Where transactions that write run. One at a time. */
export interface BatchWriter {
  /**
   * Runs groups in one transaction. It does not wait for a lock.
   *
   * @throws HoldfastError for all of them, at once or later, with the outcome of all of them: `BUSY` when another connection
   * has the lock
   */
  write(groups: readonly WriteGroup[]): Written | Promise<Written>;
  /** Ends it, when what is under way is over. The connection stays open. */
  close(): Promise<void>;
}
