import type { EntryInput, Snapshot } from '../entries/entry.ts';

/** Turns records of one kind into entries and back. */
export interface RecordCodec<T> {
  /**
   * The entry to store for a value, `kind` included. Equal values must encode to equal bytes, else an
   * unchanged record is written again. Errors reach the caller of `casUpdate` unchanged, but for a
   * `RECORD_INVALID` or `RECORD_TOO_NEW` without an operation, which gets that, the path and the outcome.
   */
  encode(value: T): EntryInput | Promise<EntryInput>;

  /**
   * The value of a stored entry. The codec decides which kinds it reads and throws for others. Every call
   * must give a value of its own. Errors reach the caller of `casUpdate` unchanged, but for a
   * `RECORD_INVALID` or `RECORD_TOO_NEW` without an operation, which gets that, the path and the outcome.
   */
  decode(stored: Snapshot): T | Promise<T>;
}
