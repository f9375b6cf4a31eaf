const BRAND: unique symbol = Symbol.for('holdfast.cas-apply');

interface Branded {
  readonly [BRAND]: true;
}

/** Store `next`, unless it encodes to exactly what is stored. */
export interface CasWrite<T, R> extends Branded {
  readonly decision: 'write';
  readonly next: T;
  readonly outcome: R;
}

/** Store `next` also when the bytes are the same, so that the version moves. */
export interface CasForceWrite<T, R> extends Branded {
  readonly decision: 'forceWrite';
  readonly next: T;
  readonly outcome: R;
}

/** Change nothing. */
export interface CasNoOp<R> extends Branded {
  readonly decision: 'noOp';
  readonly outcome: R;
}

/** Delete the record, if there is one. */
export interface CasDelete<R> extends Branded {
  readonly decision: 'delete';
  readonly outcome: R;
}

/** What the `apply` of a `casUpdate` decided, and the outcome its caller gets. Made by the four functions of the same name. */
export type CasApply<T, R> = CasWrite<T, R> | CasForceWrite<T, R> | CasNoOp<R> | CasDelete<R>;

/** The outcome carried by a decision. */
export type OutcomeOf<D> = D extends { readonly decision: string; readonly outcome: infer R } ? R : never;

function write<T>(next: T): CasWrite<T, undefined>;
function write<T, const R>(next: T, outcome: R): CasWrite<T, R>;
function write<T, R>(next: T, outcome?: R): CasWrite<T, R | undefined> {
  return Object.freeze({ [BRAND]: true, decision: 'write', next, outcome });
}

function forceWrite<T>(next: T): CasForceWrite<T, undefined>;
function forceWrite<T, const R>(next: T, outcome: R): CasForceWrite<T, R>;
function forceWrite<T, R>(next: T, outcome?: R): CasForceWrite<T, R | undefined> {
  return Object.freeze({ [BRAND]: true, decision: 'forceWrite', next, outcome });
}

function noOp(): CasNoOp<undefined>;
function noOp<const R>(outcome: R): CasNoOp<R>;
function noOp<R>(outcome?: R): CasNoOp<R | undefined> {
  return Object.freeze({ [BRAND]: true, decision: 'noOp', outcome });
}

function remove(): CasDelete<undefined>;
function remove<const R>(outcome: R): CasDelete<R>;
function remove<R>(outcome?: R): CasDelete<R | undefined> {
  return Object.freeze({ [BRAND]: true, decision: 'delete', outcome });
}

/** The ways an `apply` can decide: write, forceWrite, noOp and delete, each with an outcome for the caller. */
export const CasApply: {
  readonly write: typeof write;
  readonly forceWrite: typeof forceWrite;
  readonly noOp: typeof noOp;
  readonly delete: typeof remove;
} = Object.freeze({ write, forceWrite, noOp, delete: remove });

/** Whether a value was made by one of the {@link CasApply} functions, also those of another copy of this package. */
export function isCasApply(value: unknown): value is CasApply<unknown, unknown> {
  if (typeof value !== 'object' || value === null || !(BRAND in value)) return false;
  return Object.hasOwn(CasApply, (value as CasApply<unknown, unknown>).decision);
}
