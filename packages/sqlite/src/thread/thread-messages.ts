import type { LocksToLookAt, SqlValue } from '@holdfast/sql';

/** What a thread is started with. */
export interface ThreadStart {
  /** The database, as SQLite resolved its name. */
  readonly file: string;
  /**
   * The file that better-sqlite3 was loaded from: another copy of it would be another library, which sees no locks of this
   * one.
   */
  readonly driver: string;
}

/** A statement, by its place among those of the batch, and its values. */
export type SentQuery = readonly [statement: number, ...values: SqlValue[]];

/** A member of a group: nothing is written by a check, nothing is expected by an unconditional write. */
export type SentMember = readonly [
  change: 'put' | 'delete' | 'check',
  query: SentQuery | null,
  expects: SentQuery | null,
  version: string | null,
];

/** Groups that are to be written in one transaction. */
export interface SentBatch {
  readonly locks: LocksToLookAt | undefined;
  /** The texts of its statements, each once. */
  readonly statements: readonly string[];
  readonly groups: readonly (readonly SentMember[])[];
}

/** What was thrown, as far as it matters here. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly stack: string | undefined;
}

/** What became of one group. */
type SentGroupEnd =
  | { readonly changed: readonly number[] }
  | { readonly unmet: readonly number[] }
  | { readonly thrown: SentError };

/** What became of a batch. */
export interface SentEnd {
  readonly end:
    | { readonly groups: readonly SentGroupEnd[] }
    | { readonly thrown: SentError; readonly inCommit: boolean; readonly isOver: boolean };
  /** For how long the write lock was held, in milliseconds. */
  readonly heldMs: number;
}

/** What a thread says once it can write. */
export const READY = 'ready';

/** What a thread is told that is to close its connection and end: as it is, or once it has written back what is in the log. */
export const CLOSE = 'close';
export const WRITE_BACK_AND_CLOSE = 'write back and close';

/** The code of what is thrown in a transaction that finds its lock gone. */
export const LOCK_LOST = 'HOLDFAST_LOCK_LOST';
