import type { HoldfastError, Version } from '@holdfast/core';
import type { SqlQuery } from './statements/statement.ts';
import type { RowParameters } from './statements/write-statements.ts';

/** An expectation of one path, and how to ask without writing whether it still holds. */
export interface VersionCheck {
  /** Gives the row at the path, with at least its version, or none. */
  readonly query: SqlQuery;
  /** The version that must be there; `undefined` when nothing must be. */
  readonly version: Version | undefined;
}

/**
 * A change of one path on a condition. Its `query` is a single statement that changes one row when the expectation holds
 * and none when it does not, so that it is atomic on every database without a transaction around it.
 */
export interface ConditionalWrite {
  readonly change: 'put' | 'delete';
  readonly path: string;
  /** The row that is there afterwards; `undefined` for a delete. */
  readonly row: RowParameters | undefined;
  readonly query: SqlQuery;
  /**
   * What it expects; `undefined` when it expects nothing. A driver that has to wait for a lock asks before it waits: a
   * write that can no longer succeed need not wait.
   */
  readonly expects: VersionCheck | undefined;
}

/** An expectation of a path at which nothing is written. */
export interface PathCheck {
  readonly change: 'check';
  readonly path: string;
  readonly expects: VersionCheck;
}

/** What a {@link WriteGroup} does at one path. */
export type GroupMember = ConditionalWrite | PathCheck;

/**
 * Changes that land together or not at all, each at a path of its own. They land at one point in time, at which all
 * their expectations hold, those of absence included: nobody else's write comes between a check and the writes.
 */
export type WriteGroup = readonly [GroupMember, ...GroupMember[]];

/**
 * What became of a group. `changed` says of each member, in order, how many rows it changed, 0 or 1: it has landed.
 * `unmet` are the places in the group of all members whose expectation did not hold, least first: nothing has landed. With
 * an `error` the outcome is that of the error, for the whole group.
 */
export type GroupResult =
  | { readonly changed: readonly number[] }
  | { readonly unmet: readonly number[] }
  | { readonly error: HoldfastError };

/** The result of a group of one write that changed so many rows. */
export function resultOfOne(
  { expects }: { readonly expects: unknown },
  changed: number,
): Exclude<GroupResult, { error: unknown }> {
  return changed === 0 && expects !== undefined ? { unmet: [0] } : { changed: [changed] };
}

/** The only member of a group of one write, which a driver sends as it is; `undefined` for every other group. */
export function onlyWriteOf<M extends { readonly change: GroupMember['change'] }>([first, ...others]: readonly [
  M,
  ...M[],
]): Exclude<M, { readonly change: 'check' }> | undefined {
  return others.length === 0 && first.change !== 'check' ? (first as Exclude<M, { change: 'check' }>) : undefined;
}

/** Whether a member writes, and does not only check. */
export function isWrite(member: GroupMember): member is ConditionalWrite {
  return member.change !== 'check';
}

/**
 * Whether a group writes nothing. All its expectations are to be looked at as of one point in time; nothing needs to be kept
 * from changing afterwards, so a read does.
 */
export function isOnlyChecks(group: WriteGroup): boolean {
  return group.every(({ change }) => change === 'check');
}

/** The result of a group that writes nothing. */
export function resultOfChecks(group: WriteGroup, unmet: readonly number[]): GroupResult {
  return unmet.length === 0 ? { changed: group.map(() => 0) } : { unmet };
}
