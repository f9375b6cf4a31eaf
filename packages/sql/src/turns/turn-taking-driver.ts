import { clock, type OperationContext } from '@holdfast/core/adapter';
import { versionIn, type SqlDriver, type SqlRow } from '../driver.ts';
import type { ConditionalWrite, GroupMember, GroupResult, WriteGroup } from '../group.ts';
import type { SqlQuery } from '../statements/statement.ts';
import { RetryLine } from './retry-line.ts';

/**
 * The longest a read that follows a lost write waits, in milliseconds. Who waited in vain reads all the same. It is
 * enough for a hundred that read and write one after the other at round trips of 2 ms; with 100 ms, 64 writers
 * of one key on a libSQL server needed 6 attempts for an update instead of 2.
 */
const LONGEST_WAIT_TO_READ_MS = 500;

/** Of what is left until a deadline, the part that such a read may wait. */
const SHARE_OF_DEADLINE = 1 / 4;

// One for all instances of the process: those on the same store race with each other like writers of one.
const line = new RetryLine();
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
    for (const { path, expects } of groups.flat().filter(isWrite)) line.writes(this.#placeAt(path), expects?.version);
    let results: readonly GroupResult[] = [];
    try {
      results = await this.#driver.write(groups, context);
      return results;
    } finally {
      groups.forEach((group, index) => this.#tellLine(group, results[index]));
    }
  }

  close(): Promise<void> {
    return this.#driver.close();
  }

  #readInTurn(query: SqlQuery, context: OperationContext, waitMs: number): Promise<readonly SqlRow[]> {
    const driver = this.#driver;
    return driver.readBeforeWrite?.(query, context, waitMs) ?? driver.read(query, context);
  }

  #tellLine(group: WriteGroup, result: GroupResult | undefined): void {
    for (const [place, member] of group.entries()) if (isWrite(member)) this.#tellLineOf(member, place, group, result);
  }

  #tellLineOf({ path, expects }: ConditionalWrite, member: number, group: WriteGroup, result?: GroupResult): void {
    const place = this.#placeAt(path);
    // Only of a write by itself: whoever waited at each path of a group would keep the others from all of them.
    if (group.length === 1 && result !== undefined && 'unmet' in result) line.lost(place);
    const changed = result !== undefined && 'changed' in result && result.changed[member] === 1;
    // In a turn of the event loop of its own, so that those who are let in one after the other do not mix.
    clock.setImmediate(() => line.hasWritten(place, changed, expects?.version));
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

function isWrite(member: GroupMember): member is ConditionalWrite {
  return member.change !== 'check';
}
