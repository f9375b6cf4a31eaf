import type { ErrorCode, Outcome } from '../../errors/error-codes.ts';

/** The name of the `node:diagnostics_channel` on which an {@link OperationMessage} is published. */
export const OPERATION_CHANNEL = 'holdfast:operation';

/** What `withTracing` reports on. */
export type TracedOperation =
  | 'get'
  | 'getMany'
  | 'put'
  | 'delete'
  | 'list'
  | 'entries'
  | 'commit'
  | 'casUpdate'
  | 'transact';

/**
 * What became of an operation that changes something: it did (`applied`); it succeeded without having to
 * (`unchanged`: nothing to delete, a commit of checks, an update that decided on nothing); it lost a race and its
 * `casUpdate` or `transact` starts over (`conflict`); or it failed, with the `outcome` of its error.
 */
export type OperationOutcome = 'applied' | 'unchanged' | 'conflict' | Outcome;

/** Says how an operation ended. Frozen. */
export interface OperationMessage {
  readonly operation: TracedOperation;
  /** The `system` of the layer, which tells several of them apart. */
  readonly system: string;
  /**
   * The path the operation was called with, of a `commit` the first; `undefined` unless the layer has `paths: 'full'`, and
   * if there is none.
   */
  readonly path: string | undefined;
  /** How long it took, in milliseconds, for `entries` with what its consumer did in between. */
  readonly durationMs: number;
  /** The error it failed with; `_OTHER` for one that is not Holdfast's: of a caller's function or codec. */
  readonly code: ErrorCode | '_OTHER' | undefined;
  /** `undefined` for reads, and for an error that does not say. */
  readonly outcome: OperationOutcome | undefined;
  /** How many entries `get` (0 or 1), `getMany` or `entries` gave, or children `list` gave. */
  readonly returned: number | undefined;
  /** How many changes a `commit` has, checks included. */
  readonly changes: number | undefined;
  /** How many attempts a `casUpdate` or `transact` began. */
  readonly attempts: number | undefined;
  /** How many of them lost a race or found the backend busy. */
  readonly conflicts: number | undefined;
}
