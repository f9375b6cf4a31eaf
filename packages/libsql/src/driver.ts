import { isHoldfastError } from '@holdfast/core';
import type { OperationContext } from '@holdfast/core/adapter';
import {
  fragileSqliteProfile,
  isOnlyChecks,
  onlyWriteOf,
  resultOfChecks,
  resultOfOne,
  unmetStatement,
  versionIn,
  type ConditionalWrite,
  type GroupResult,
  type SqlDriver,
  type SqlQuery,
  type SqlRow,
  type Tables,
  type UnmetStatement,
  type WriteGroup,
} from '@holdfast/sql';
import { bind, bindQuery } from './bind.ts';
import type { LibsqlCondition, LibsqlConnection } from './connection.ts';

/** Runs the statements of a filesystem on one connection. */
export class LibsqlDriver implements SqlDriver {
  readonly #connection: LibsqlConnection;
  readonly #unmet: UnmetStatement;

  constructor(connection: LibsqlConnection, tables: Tables) {
    this.#connection = connection;
    this.#unmet = unmetStatement(fragileSqliteProfile, tables);
  }

  read(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]> {
    return this.#connection.read(bindQuery(query), context);
  }

  async write(groups: readonly WriteGroup[], context: OperationContext): Promise<readonly GroupResult[]> {
    const writes = groups.map(onlyWriteOf).filter((write) => write !== undefined);
    if (writes.length < groups.length) return this.#oneByOne(groups, (group) => this.#writeGroup(group, context));
    try {
      return await this.#writeTogether(writes, context);
    } catch (error) {
      // One that fails must not fail the others; all of them were undone, so each can be tried by itself.
      const divisible = isHoldfastError(error) && error.outcome === 'not-applied' && !error.retryable;
      if (writes.length === 1 || !divisible) throw error;
      return this.#oneByOne(writes, (write) => this.#writeAlone(write, context));
    }
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  async #writeTogether(writes: readonly ConditionalWrite[], context: OperationContext): Promise<GroupResult[]> {
    const statements = writes.map(({ query }) => bindQuery(query));
    const lost = async (): Promise<boolean> => {
      const each = await Promise.all(writes.map((write) => this.#isLost(write, context)));
      return each.every(Boolean);
    };
    const changes = await this.#connection.write(statements, context, lost);
    return writes.map((write, index) => resultOfOne(write, changes[index] ?? 0));
  }

  async #oneByOne<T>(list: readonly T[], write: (item: T) => Promise<GroupResult>): Promise<GroupResult[]> {
    const results: GroupResult[] = [];
    for (const item of list) {
      try {
        results.push(await write(item));
      } catch (error) {
        if (!isHoldfastError(error)) throw error;
        results.push({ error });
      }
    }
    return results;
  }

  async #writeGroup(group: WriteGroup, context: OperationContext): Promise<GroupResult> {
    const only = onlyWriteOf(group);
    if (only !== undefined) return this.#writeAlone(only, context);
    if (isOnlyChecks(group)) return this.#check(group, context);
    const writes = group.flatMap((member) => (member.change === 'check' ? [] : [bindQuery(member.query)]));
    const result = await this.#connection.writeIf(this.#conditionOf(group), writes, context);
    if ('unmet' in result) return result;
    const changes = result.changed.values();
    return { changed: group.map(({ change }) => (change === 'check' ? 0 : (changes.next().value ?? 0))) };
  }

  /** By one statement, which sees one state of the database. */
  async #check(group: WriteGroup, context: OperationContext): Promise<GroupResult> {
    const { text, value } = this.#unmet.query(group);
    const rows = await this.#connection.read(bind(text, [value]), context);
    return resultOfChecks(group, this.#unmet.placesIn(rows));
  }

  async #writeAlone(write: ConditionalWrite, context: OperationContext): Promise<GroupResult> {
    const [changed] = await this.#connection.write([bindQuery(write.query)], context, () =>
      this.#isLost(write, context),
    );
    return resultOfOne(write, changed ?? 0);
  }

  #conditionOf(group: WriteGroup): LibsqlCondition {
    const { query, guard, placesIn, placesInMessage } = this.#unmet;
    const [asking, failing] = [query(group), guard(group)];
    return {
      query: bind(asking.text, [asking.value]),
      guard: bind(failing.text, [failing.value]),
      placesIn,
      placesInMessage,
    };
  }

  /** Whether what a write expects is already not so. A write that waited for the lock has often lost by then. */
  async #isLost({ expects }: ConditionalWrite, context: OperationContext): Promise<boolean> {
    if (expects === undefined) return false;
    try {
      // Without a log also reads find a file locked, and the write has only one `busyTimeoutMs` to wait.
      const rows = await this.#connection.read(bindQuery(expects.query), context, { now: true });
      return versionIn(rows) !== expects.version;
    } catch {
      // The write itself will tell.
      return false;
    }
  }
}
