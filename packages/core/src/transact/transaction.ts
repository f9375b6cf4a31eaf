import type { RecordCodec } from '../codecs/record-codec.ts';
import type { Version } from '../versions/version.ts';

/**
 * What the function of a `transact` reads and writes with, while it runs. What it reads is as it was at some moment, and
 * may be of different moments until the end, where all of it is checked.
 */
export interface Transaction {
  /** 1 for the first attempt, 2 for the second. */
  readonly attempt: number;
  /** Fires when the caller aborts or the deadline passes. */
  readonly signal: AbortSignal;
  /** Milliseconds until the deadline. */
  remainingMs(): number;

  /**
   * The record at a path, or `undefined`. What this transaction has put or deleted there before is visible. One round trip
   * for each path, which is read once; every call gives a value of its own.
   *
   * Rejects with `UNSUPPORTED` before the path is touched, `RECORD_INVALID`, `RECORD_TOO_NEW`, or what `get` rejects with.
   */
  get<T>(path: string, codec: RecordCodec<T>): Promise<T | undefined>;

  /**
   * Puts a record at the end, if the transaction lands. The value is encoded at once: changing it later changes nothing.
   * Where the path was read, whatever was there must still be there; where it was not, anything is replaced. One that
   * encodes to exactly what was read is not written. No round trip.
   *
   * When it fails, so does the transaction, also if nobody waits for it or looks at the error.
   */
  put<T>(path: string, codec: RecordCodec<T>, value: NoInfer<T>): Promise<void>;

  /** Deletes what is at a path at the end, if the transaction lands and there is anything. As for `put`, no round trip. */
  delete(path: string): Promise<void>;
}

/** What a `transact` did. */
export interface TransactResult<R> {
  /** What the last run of the function gave. */
  readonly outcome: R;
  /** The version of every record that it put, which is one for all; `undefined` when it put none. */
  readonly version: Version | undefined;
  /** Whether it put or deleted anything, where nobody knew that there was nothing to delete. */
  readonly written: boolean;
  /** The number of the last attempt: the function ran this often. */
  readonly attempts: number;
}
