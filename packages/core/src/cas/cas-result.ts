import type { VirtualPath } from '../paths/virtual-path.ts';
import type { Version } from '../versions/version.ts';
import type { OutcomeOf } from './cas-apply.ts';

/** What `apply` is given beside the current record. Frozen. */
export interface CasContext {
  readonly path: VirtualPath;
  /** 1 for the first attempt, 2 for the second. One whose read is answered `BUSY` counts, without running `apply`. */
  readonly attempt: number;
  /**
   * The version of the current record; `undefined` when there is none. Of one that an update which it is combined with has
   * left it is new, and is seen nowhere else but in the result of that, if it is not the last.
   */
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
  /**
   * The version of `snapshot`. Where another update that was combined with this one has overwritten it at once, it was never
   * stored, and what expects it is refused.
   */
  readonly version: Version | undefined;
  /** Whether this call changed the store. */
  readonly written: boolean;
  /**
   * The number of the last attempt: `apply` ran this often, less the attempts whose read was answered `BUSY`; and once more in
   * an attempt that had to decide again without a conflict, since what it saw was a hint, or left by another update.
   */
  readonly attempts: number;
}

/** What a `casUpdate` did whose `apply` decided on a value to store. Both are known, also if it was stored already. */
export interface CasStored<T, R> extends CasResult<T, R> {
  readonly snapshot: T;
  readonly version: Version;
}

/** What a `casUpdate` did whose `apply` decided to change nothing. */
export interface CasUnchanged<T, R> extends CasResult<T, R> {
  readonly written: false;
}

/**
 * What a `casUpdate` did whose `apply` decides on one of `D`. When it can decide on a value to store, or else to change
 * nothing, `written`, or an outcome of one of them alone, tells the compiler that the snapshot is there.
 */
export type CasResultOf<T, D> = [D] extends [never] ? CasResult<T, never> : ResultOfEach<T, D>;

type ResultOfEach<T, D> = D extends { readonly decision: 'write' | 'forceWrite' }
  ? CasStored<T, OutcomeOf<D>>
  : D extends { readonly decision: 'noOp' }
    ? CasUnchanged<T, OutcomeOf<D>>
    : CasResult<T, OutcomeOf<D>>;
