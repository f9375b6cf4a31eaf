import type { VirtualPath } from '../paths/virtual-path.ts';
import type { Version } from '../versions/version.ts';

/** What `apply` is given beside the current record. Frozen. */
export interface CasContext {
  readonly path: VirtualPath;
  /** 1 for the first attempt, 2 for the second. One whose read is answered `BUSY` counts, without running `apply`. */
  readonly attempt: number;
  /** The version of the current record; `undefined` when there is none. */
  readonly version: Version | undefined;
  /** Fires when the caller aborts or the deadline passes. */
  readonly signal: AbortSignal;
  /** Milliseconds until the deadline. */
  remainingMs(): number;
}

/** What a `casUpdate` did. */
export interface CasResult<T, R> {
  /** What the last run of `apply` gave as its outcome. */
  readonly outcome: R;
  /**
   * The record as it is now, as far as this call saw; `undefined` when there is none. After a write it is the very
   * value that `apply` gave, which a codec with defaults or transforms may read back differently.
   */
  readonly snapshot: T | undefined;
  /** The version of `snapshot`. */
  readonly version: Version | undefined;
  /** Whether this call changed the store. */
  readonly written: boolean;
  /** The number of the last attempt: `apply` ran this often, less the attempts whose read was answered `BUSY`. */
  readonly attempts: number;
}
