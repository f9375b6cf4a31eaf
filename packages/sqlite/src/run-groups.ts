import { onlyWriteOf, resultOfOne, sqliteVerdict, versionIn, type SqlRow } from '@holdfast/sql/transaction';
import type { SqliteDatabase, SqliteStatement } from './database.ts';

// Also run by a thread that does nothing else, which is to start fast: nothing here loads core.

/** What better-sqlite3 says, without a code, of a connection over whose rows somebody iterates. */
export const IN_USE = 'This database connection is busy executing a query';

/** A statement with its values, as far as it is to be run. */
export interface RunnableQuery {
  readonly statement: { readonly text: string };
  readonly values: readonly unknown[];
}

/** What must be at a path, as far as it is to be looked at. */
interface Expectation {
  readonly query: RunnableQuery;
  readonly version: string | undefined;
}

/** A member of a `WriteGroup`, as far as it is to be run. */
export type RunnableMember =
  | { readonly change: 'put' | 'delete'; readonly query: RunnableQuery; readonly expects: Expectation | undefined }
  | { readonly change: 'check'; readonly expects: Expectation };

/** A `WriteGroup`, as far as it is to be run. */
export type RunnableGroup = readonly [RunnableMember, ...RunnableMember[]];

/** What became of a group: its result, as of a `GroupResult`, or what the driver threw at it and at nobody else. */
export type GroupEnd =
  | { readonly changed: readonly number[] }
  | { readonly unmet: readonly number[] }
  | { readonly thrown: unknown };

/** What became of a transaction: of each of its groups, or what it failed with as a whole. */
export type TransactionEnd =
  | { readonly groups: readonly GroupEnd[] }
  | {
      readonly thrown: unknown;
      readonly inCommit: boolean;
      /** Whether it was rolled back, if it was not over by itself. */
      readonly isOver: boolean;
    };

/** What a transaction is run on: a connection, with the statements that were prepared on it. */
export interface TransactionConnection {
  readonly database: Pick<SqliteDatabase, 'inTransaction'>;
  /** Begins a transaction that has the write lock. */
  begin(): void;
  /** Ends a transaction without a trace, and says whether nothing of it can land any more. Never throws. */
  rollBack(): boolean;
  prepare(text: string): SqliteStatement;
  rows(query: RunnableQuery): readonly SqlRow[];
}

/**
 * Runs groups of writes in one transaction, one commit for all. It takes the write lock at the start: a transaction that
 * begins as a reader and wants it later fails at once, whatever the timeout, when another connection wrote in between. So
 * nobody else writes between the first look at an expectation and the commit.
 */
export function runGroups(connection: TransactionConnection, groups: readonly RunnableGroup[]): TransactionEnd {
  let inCommit = false;
  try {
    connection.begin();
    const ends = groups.map((group) => runGroup(connection, group));
    // Nothing to commit, and an end that cannot fail: what failed is known not to be applied.
    if (ends.every(changesNothing)) connection.rollBack();
    else {
      inCommit = true;
      connection.prepare('commit').run();
    }
    return { groups: ends };
  } catch (thrown) {
    return { thrown, inCommit, isOver: connection.rollBack() };
  }
}

/**
 * The places of the members of a group whose expectation does not hold.
 *
 * @param met how many of the first members are known to have held before they were written
 */
export function unmetOf(connection: TransactionConnection, group: RunnableGroup, met = 0): number[] {
  return group.flatMap((member, place) => (place < met || holds(connection, member) ? [] : [place]));
}

function changesNothing(end: GroupEnd): boolean {
  return !('changed' in end) || end.changed.every((changed) => changed === 0);
}

function runGroup(connection: TransactionConnection, group: RunnableGroup): GroupEnd {
  const only = onlyWriteOf(group);
  if (only === undefined) return runMembers(connection, group);
  return trying(connection, () => resultOfOne(only, change(connection, only.query)));
}

/** Runs a group of several. When one of them does not hold or fails, what the others did is undone, and nothing else. */
function runMembers(connection: TransactionConnection, group: RunnableGroup): GroupEnd {
  connection.prepare('savepoint members').run();
  const end = trying(connection, () => changeAll(connection, group));
  // Where this fails the whole transaction does.
  if (!('changed' in end)) connection.prepare('rollback to members').run();
  connection.prepare('release members').run();
  return end;
}

function changeAll(connection: TransactionConnection, group: RunnableGroup): GroupEnd {
  const changed: number[] = [];
  for (const member of group) {
    const isCheck = member.change === 'check';
    const rows = isCheck ? 0 : change(connection, member.query);
    // A write tells by its count. Only where nothing is written is there something to look at.
    const met = isCheck ? holds(connection, member) : rows > 0 || member.expects === undefined;
    if (!met) return { unmet: unmetOf(connection, group, changed.length) };
    changed.push(rows);
  }
  return { changed };
}

/** Does something of which a failure is undone by itself, unless it is so grave that the whole transaction is gone. */
function trying(connection: TransactionConnection, work: () => GroupEnd): GroupEnd {
  try {
    return work();
  } catch (thrown) {
    if (isBusy(thrown) || !connection.database.inTransaction) throw thrown;
    return { thrown };
  }
}

/** Whether the driver says of a statement that a lock could not be had, or that its connection runs another. */
function isBusy(thrown: unknown): boolean {
  const { code, message } = Object(thrown) as { readonly code?: unknown; readonly message?: unknown };
  return typeof code === 'string' ? sqliteVerdict(code, String(message)).code === 'BUSY' : message === IN_USE;
}

function change(connection: TransactionConnection, { statement, values }: RunnableQuery): number {
  return Number(connection.prepare(statement.text).run(...values).changes);
}

function holds(connection: TransactionConnection, { expects }: RunnableMember): boolean {
  return expects === undefined || versionIn(connection.rows(expects.query)) === expects.version;
}
