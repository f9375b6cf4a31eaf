import { clock, type OperationContext } from '@holdfast/core/adapter';
import { versionIn, type SqlDriver, type SqlRow } from '../driver.ts';
import { isOnlyChecks, isWrite, type GroupMember, type GroupResult, type WriteGroup } from '../group.ts';
import type { SqlQuery } from '../statements/statement.ts';
import { GroupTurns } from './group-turns.ts';
import { RetryLine } from './retry-line.ts';

/**
 * The longest a read that follows a lost write waits, in milliseconds. Who waited in vain reads all the same. It is
 * enough for a hundred that read and write one after the other at round trips of 2 ms; with 100 ms, 64 writers
 * of one key on a libSQL server needed 6 attempts for an update instead of 2.
 */
const LONGEST_WAIT_TO_READ_MS = 500;

/**
 * The longest the return of one who lost with a group waits, in milliseconds. A turn is some round trips, for all that a
 * transaction reads and its commit: enough for a hundred of them of 20 ms.
 */
const LONGEST_WAIT_FOR_GROUP_MS = 2000;

/** Of what is left until a deadline, the part that such a read may wait. */
const SHARE_OF_DEADLINE = 1 / 4;

// One for all instances of the process: those on the same store race with each other like writers of one.
const line = new RetryLine();
const turns = new GroupTurns();
let unnamed = 0;

/**
 * Lets those of this process who lost a race for a path read again one after the other. If all came back at once,
 * all but one would lose again: on a backend whose round trips take a millisecond, the writers of one hot path
 * would spend nearly all of them on writes that cannot succeed. Nobody who has not just lost waits, no write
 * waits, and nothing is held for longer than a moment.
 */
export class TurnTakingDriver implements SqlDriver {
  readonly #driver: SqlDriver;
  readonly #store: string;

  /**
   * @param store the same for instances that share their entries; by default nobody shares with this one
   */
  constructor(driver: SqlDriver, store: string | undefined) {
    this.#driver = driver;
    unnamed += 1;
    this.#store = `${store ?? unnamed}\0`;
  }

  async read(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]> {
    const caller = callerOf(context);
    if (turns.expects(caller)) return this.#readAfterGroup(query, context);
    if (!turns.begins(caller)) return this.#readAlone(query, context);
    try {
      return await this.#driver.read(query, context);
    } finally {
      turns.hasRead(caller);
    }
  }

  async #readAlone(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]> {
    const place = this.#placeOf(query);
    if (!line.expects(place)) return this.#driver.read(query, context);
    const waitMs = Math.min(LONGEST_WAIT_TO_READ_MS, context.remainingMs() * SHARE_OF_DEADLINE);
    const until = clock.now() + waitMs;
    if (!(await line.enter(place, waitMs, context.signal))) return this.#driver.read(query, context);
    try {
      const rows = await this.#readInTurn(query, context, Math.max(0, until - clock.now()));
      line.hasRead(place, versionIn(rows));
      return rows;
    } catch (error) {
      line.next(place);
      throw error;
    }
  }

  async write(groups: readonly WriteGroup[], context: OperationContext): Promise<readonly GroupResult[]> {
    // Most of the time nobody has lost anywhere, and a group may be a thousand writes.
    if (line.size > 0) {
      for (const { path, expects } of groups.flat().filter(isWrite)) line.writes(this.#placeAt(path), expects?.version);
    }
    let results: readonly GroupResult[] = [];
    turns.begins(callerOf(context));
    try {
      results = await this.#driver.write(groups, context);
      return results;
    } finally {
      turns.hasWritten(callerOf(context));
      groups.forEach((group, index) => this.#tellLine(group, results[index], context));
    }
  }

  close(): Promise<void> {
    return this.#driver.close();
  }

  #readInTurn(query: SqlQuery, context: OperationContext, waitMs: number): Promise<readonly SqlRow[]> {
    const driver = this.#driver;
    return driver.readBeforeWrite?.(query, context, waitMs) ?? driver.read(query, context);
  }

  /** The first read of one who has lost with a group. What else they read in their turn does not wait. */
  async #readAfterGroup(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]> {
    const waitMs = Math.min(LONGEST_WAIT_FOR_GROUP_MS, context.remainingMs() * SHARE_OF_DEADLINE);
    const until = clock.now() + waitMs;
    const caller = callerOf(context);
    if (!(await turns.enter(caller, waitMs, context.signal))) return this.#driver.read(query, context);
    turns.begins(caller);
    try {
      return await this.#readInTurn(query, context, Math.max(0, until - clock.now()));
    } finally {
      turns.hasRead(caller);
    }
  }

  #tellLine(group: WriteGroup, result: GroupResult | undefined, context: OperationContext): void {
    if (group.length > 1 && result !== undefined && 'unmet' in result) {
      const places = racedFor(group, result.unmet).map(({ path }) => this.#placeAt(path));
      turns.lost(callerOf(context), places);
    }
    const [only] = group;
    // Only of a write by itself: whoever waited at each path of a group would keep the others from all of them.
    if (group.length === 1 && isWrite(only) && result !== undefined && 'unmet' in result) {
      line.lost(this.#placeAt(only.path));
    }
    // In a turn of the event loop of its own, so that those who are let in one after the other do not mix.
    if (line.size > 0) clock.setImmediate(() => this.#tellLineOfWrites(group, result));
  }

  #tellLineOfWrites(group: WriteGroup, result: GroupResult | undefined): void {
    const changed = result !== undefined && 'changed' in result ? result.changed : [];
    for (const [index, member] of group.entries()) {
      if (!isWrite(member)) continue;
      line.hasWritten(this.#placeAt(member.path), changed[index] === 1, member.expects?.version);
    }
  }

  /** A path, told apart from the same one in other stores. */
  #placeAt(path: string): string {
    return this.#store + path;
  }

  /** What a query is about. */
  #placeOf({ path }: SqlQuery): string {
    // A range has none, and is no writer's return: nothing is ever lost at the store itself.
    return path === undefined ? this.#store : this.#placeAt(path);
  }
}

/** Who makes a call: the same for all attempts of an update, and, where that is not known, another for each call. */
function callerOf(context: OperationContext): object {
  return context.whole ?? context;
}

/**
 * What a group that lost has to have to itself: what others were faster at, and what it replaces or deletes. Of what it
 * only checks it is no more, or all who look at the same settings would wait for each other; but one that only looks, and at
 * many, would be overtaken at another each time.
 */
function racedFor(group: WriteGroup, unmet: readonly number[]): readonly GroupMember[] {
  if (isOnlyChecks(group)) return group;
  return group.filter(
    ({ change, expects }, index) => unmet.includes(index) || (change !== 'check' && expects?.version !== undefined),
  );
}
