import { HoldfastError } from '@holdfast/core';
import { clock, SaturationWatch, type OperationContext } from '@holdfast/core/adapter';
import type { SqlDriver, SqlRow } from '../driver.ts';
import { isOnlyChecks, type GroupResult, type WriteGroup } from '../group.ts';
import type { SqlQuery } from '../statements/statement.ts';
import type { BatchLimits } from './batch-limits.ts';
import { GroupBatch } from './group-batch.ts';
import { WaitingGroup } from './waiting-group.ts';
import { WriteLine } from './write-line.ts';

/** How many groups of one instance wait at most, unless its limits say so: some seconds of work. */
const MOST_WAITING = 65_536;

/**
 * Writes groups of many callers in batches, so that what each batch costs (a sync of the medium, a round trip) is paid once
 * for all of its groups. Those that come within one turn of the event loop, or while as many batches are under way as may be,
 * form the next. Nobody waits for a timer, and who comes alone waits for that one turn.
 *
 * Groups that name a path in common are never under way at the same time: they go one after the other, in the order in which
 * they came. Each has a result of its own, whatever becomes of its neighbours. Where its batch fails as a whole, that is the
 * result of each, as an error of its own, with the outcome of the batch. Who gives up while a group waits takes it out, and
 * it is not applied; who gives up when it is under way leaves the others as they are, and waits no longer than for a write that
 * is sent by itself.
 *
 * To put a driver on it, its `write` has to take the groups of a list together. It may leave `context.batch` alone: then all
 * its groups are under way from the beginning. One that waits before it sends anything (for a lock, for a connection) calls
 * `context.batch.wait()` when it has to, and sends only the places that `begin()` gives it when it can; one that finds out
 * that it hangs calls `makeWay()`. Its `write` runs in the async context of one of the callers.
 */
export class BatchingDriver implements SqlDriver {
  readonly readBeforeWrite?: NonNullable<SqlDriver['readBeforeWrite']>;
  readonly #driver: SqlDriver;
  readonly #limits: BatchLimits;
  readonly #line = new WriteLine(() => this.#start());
  readonly #maxWaiting: number;
  readonly #saturation: SaturationWatch;
  #underWay = 0;
  #isStarting = false;

  constructor(driver: SqlDriver, limits: BatchLimits) {
    this.#driver = driver;
    this.#limits = limits;
    this.#maxWaiting = limits.maxWaiting ?? MOST_WAITING;
    this.#saturation = new SaturationWatch('SQL writes in line', this.#maxWaiting);
    if (driver.readBeforeWrite !== undefined) this.readBeforeWrite = driver.readBeforeWrite.bind(driver);
  }

  read(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]> {
    return this.#driver.read(query, context);
  }

  /** As the driver would, and `OVERLOADED` for what finds too many waiting; it is not applied. */
  async write(groups: readonly WriteGroup[], context: OperationContext): Promise<readonly GroupResult[]> {
    // Looking at what is there takes no commit. What is asked for together is looked at together.
    if (groups.every(isOnlyChecks)) return this.#driver.write(groups, context);
    const [only, ...others] = groups;
    if (only !== undefined && others.length === 0) return [await this.#writeOne(only, context)];
    return Promise.all(groups.map((group) => this.#writeOne(group, context)));
  }

  /** Those that wait are answered `CLOSED`; what is under way is the business of the driver. */
  close(): Promise<void> {
    for (const waiting of this.#line.clear()) {
      waiting.answer({ error: refusal('CLOSED', 'the connection to the database was closed') });
    }
    return this.#driver.close();
  }

  async #writeOne(group: WriteGroup, context: OperationContext): Promise<GroupResult> {
    if (this.#line.waiting >= this.#maxWaiting) {
      return { error: refusal('OVERLOADED', `${this.#maxWaiting} writes wait for the database already`) };
    }
    const waiting = new WaitingGroup(group, context);
    this.#line.join(waiting);
    this.#saturation.update(this.#line.waiting);
    this.#start();
    return waiting.result();
  }

  /** Sees to it that what waits goes out, at the end of this turn of the event loop, if it can. */
  #start(): void {
    if (this.#isStarting) return;
    // Who is not taken soon must not wait for that to be heard.
    if (this.#underWay >= this.#limits.atOnce || !this.#line.isReady) return this.#line.listen();
    this.#isStarting = true;
    clock.setImmediate(() => {
      this.#isStarting = false;
      this.#sendReady();
    });
  }

  #sendReady(): void {
    const { atOnce, aloneUpTo = 0 } = this.#limits;
    const areFew = this.#line.ready + this.#underWay <= aloneUpTo;
    const limits = areFew ? { ...this.#limits, maxGroups: 1 } : this.#limits;
    while (this.#underWay < atOnce) {
      const taken = this.#line.take(limits);
      if (taken.length === 0) break;
      void this.#send(taken);
    }
    this.#saturation.update(this.#line.waiting);
  }

  readonly #done = (member: WaitingGroup, changed?: readonly number[]): void => {
    this.#line.done(member, changed);
    // Its batch may be over for long.
    this.#start();
  };

  async #send(taken: readonly WaitingGroup[]): Promise<void> {
    const { patienceMs } = this.#limits;
    let counts = true;
    const madeWay = (): void => {
      if (counts) this.#underWay -= 1;
      counts = false;
      this.#start();
    };
    const batch = new GroupBatch(taken, { done: this.#done, madeWay });
    this.#underWay += 1;
    const timer = patienceMs === undefined ? undefined : clock.setTimeout(madeWay, patienceMs, { holdsProcess: false });
    try {
      batch.settle(await this.#driver.write(batch.groups, batch));
    } catch (failure) {
      batch.fail(failure);
    } finally {
      clock.clearTimeout(timer);
      madeWay();
    }
  }
}

function refusal(code: 'CLOSED' | 'OVERLOADED', message: string): HoldfastError {
  return new HoldfastError(code, message, { outcome: 'not-applied' });
}
