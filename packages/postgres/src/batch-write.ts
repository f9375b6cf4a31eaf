import { HoldfastError, isHoldfastError } from '@holdfast/core';
import { mintVersion, restated, type OperationContext } from '@holdfast/core/adapter';
import {
  isOnlyChecks,
  onlyWriteOf,
  resultOfOne,
  type GroupResult,
  type WriteContext,
  type WriteGroup,
} from '@holdfast/sql';
import type { BatchPlace } from './batch-places.ts';
import type { BatchResult, BatchStatement } from './batch-statement.ts';
import { batchesOf } from './batches-of.ts';
import type { ChecksStatement } from './checks-statement.ts';
import { isRefusal } from './errors.ts';
import type { Sender } from './sender.ts';

/** What a {@link BatchWrite} works with, the same for all of one driver. */
export interface BatchWriteParts {
  readonly sender: Sender;
  readonly batchStatement: BatchStatement;
  readonly checksStatement: ChecksStatement;
}

/** Writes groups: together, as far as they have no path in common and nobody is in their way. */
export class BatchWrite {
  readonly #parts: BatchWriteParts;
  readonly #groups: readonly WriteGroup[];
  readonly #context: WriteContext;
  readonly #results: (GroupResult | undefined)[];

  constructor(parts: BatchWriteParts, groups: readonly WriteGroup[], context: WriteContext) {
    this.#parts = parts;
    this.#groups = groups;
    this.#context = context;
    this.#results = groups.map(() => undefined);
  }

  /** @returns the result of each group, but for those whose callers have given up and those that go on by themselves */
  async run(): Promise<readonly (GroupResult | undefined)[]> {
    if (this.#groups.length === 1) {
      await this.#writeAlone(0);
      return this.#results;
    }
    for (const places of batchesOf(this.#groups)) {
      const together = places.filter((place) => !isOnlyChecks(this.#groupAt(place)));
      const alone = together.length > 1 ? await this.#writeTogether(together) : together;
      const checks = places.filter((place) => !together.includes(place));
      await Promise.all([...alone, ...checks].map((place) => this.#writeAlone(place)));
    }
    return this.#results;
  }

  /** Writes several, and answers the places of those that have to be written by themselves. */
  async #writeTogether(places: readonly number[]): Promise<readonly number[]> {
    const { batch } = this.#context;
    let wanted = places;
    const makeNow = (): readonly WriteGroup[] => {
      const left = batch?.begin();
      if (left !== undefined) wanted = places.filter((place) => left.includes(place));
      if (wanted.length === 0) throw this.#context.signal.reason;
      return wanted.map((place) => this.#groupAt(place));
    };
    try {
      const results = await this.#send(makeNow, this.#context, { waits: false, onWait: () => batch?.wait() });
      return wanted.filter((place, index) => {
        const result = results[index] as BatchResult;
        if ('alone' in result) return true;
        this.#answer(place, result);
        return false;
      });
    } catch (error) {
      if (!isHoldfastError(error)) throw error;
      // What the server refuses is refused for all of them, and may be the fault of one.
      if (isRefusal(error)) return wanted;
      for (const place of wanted) this.#answer(place, { error: restated(error, { outcome: error.outcome }) });
      return [];
    }
  }

  /** Writes one that could not be written with others. Its neighbours do not wait for it, where they are of other callers. */
  async #writeAlone(place: number): Promise<void> {
    const { batch } = this.#context;
    const group = this.#groupAt(place);
    if (batch === undefined || this.#groups.length === 1) {
      this.#answer(place, await this.#writeGroup(group, this.#context));
    } else {
      void this.#writeGroup(group, batch.alone(place)).then((result) => batch.answer(place, result));
    }
  }

  async #writeGroup(group: WriteGroup, context: OperationContext): Promise<GroupResult> {
    const { sender, checksStatement } = this.#parts;
    try {
      const only = onlyWriteOf(group);
      if (only !== undefined) return resultOfOne(only, (await sender.sendQuery(only.query, context)).changed);
      if (isOnlyChecks(group)) {
        // Planned each time, for the table as it is.
        const { rows } = await sender.send({ make: () => checksStatement.query(group) }, context);
        return checksStatement.resultOf(group, rows);
      }
      const [result] = await this.#send(() => [group], context, { waits: true });
      if (result === undefined || 'alone' in result) throw new TypeError('a group that waits has a result');
      return result;
    } catch (thrown) {
      if (isHoldfastError(thrown)) return { error: thrown };
      return {
        error: new HoldfastError('BACKEND_FAILED', 'the backend failed', { outcome: 'unknown', cause: thrown }),
      };
    }
  }

  async #send(
    makeNow: () => readonly WriteGroup[],
    context: OperationContext,
    { waits, onWait }: { readonly waits: boolean; readonly onWait?: () => void },
  ): Promise<readonly BatchResult[]> {
    const { sender, batchStatement } = this.#parts;
    let groups: readonly WriteGroup[] = [];
    let places: readonly BatchPlace[] = [];
    const make = () => {
      groups = makeNow();
      const query = batchStatement.query(groups, { version: mintVersion(), waits });
      ({ places } = query);
      return sender.plannedFor(query.plannedFor, 'batch', query.config);
    };
    const { rows } = await sender.send({ make, ...(onWait && { onWait }) }, context);
    return batchStatement.resultsOf(groups, places, rows);
  }

  #answer(place: number, result: GroupResult): void {
    this.#results[place] = result;
    this.#context.batch?.answer(place, result);
  }

  #groupAt(place: number): WriteGroup {
    return this.#groups[place] as WriteGroup;
  }
}
