import { isHoldfastError, type HoldfastError } from '@holdfast/core';
import { clock, restated } from '@holdfast/core/adapter';
import type { GroupResult, WriteContext, WriteGroup } from '@holdfast/sql';
import type { BatchWriter, Written } from './batch-writer.ts';
import { retryWhileBusy } from './busy-retry.ts';
import type { SqliteConnection } from './connection.ts';
import { unmetOf } from './run-groups.ts';

/** What a {@link BatchWrite} works with, the same for all of one connection. */
export interface BatchWriteParts {
  /** What reads. */
  readonly connection: SqliteConnection;
  readonly writer: BatchWriter;
  /** How long a group may wait for the lock. */
  readonly busyTimeoutMs: number;
  /** Since when the lock could not be had, whoever tried; `undefined` when it could, last time. */
  busySince: number | undefined;
  /** For how long the lock is to be left alone from now on, in milliseconds. */
  restMs(): number;
  /** Says that the lock was held for so long, until now. */
  held(milliseconds: number): void;
}

/** Which of the places of groups that are still to be written go into a transaction. */
type Choice = (places: readonly number[]) => readonly number[];

/** Writes the groups of one batch in one transaction, and finds out what becomes of each. */
export class BatchWrite {
  readonly #parts: BatchWriteParts;
  readonly #groups: readonly WriteGroup[];
  readonly #context: WriteContext;
  readonly #began = clock.now();
  readonly #results: (GroupResult | undefined)[];

  constructor(parts: BatchWriteParts, groups: readonly WriteGroup[], context: WriteContext) {
    this.#parts = parts;
    this.#groups = groups;
    this.#context = context;
    this.#results = groups.map(() => undefined);
  }

  /**
   * Runs it. When something fails by which the whole transaction is lost, and it is known that nothing was applied, each group
   * is written by itself: of what one is to blame for, the others hear nothing.
   *
   * @returns the result of each group whose caller has not given up before it was written
   * @throws HoldfastError for all of them, with the outcome of all of them
   */
  async run(): Promise<readonly (GroupResult | undefined)[]> {
    try {
      await this.#write((places) => places);
    } catch (error) {
      if (this.#groups.length === 1 || !isHoldfastError(error) || error.outcome !== 'not-applied') throw error;
      await this.#writeOneByOne();
    }
    return this.#results;
  }

  async #writeOneByOne(): Promise<void> {
    for (const place of this.#groups.keys()) {
      this.#context.batch?.wait();
      try {
        await this.#write((places) => (places.includes(place) ? [place] : []));
      } catch (error) {
        if (!isHoldfastError(error)) throw error;
        this.#answer(place, { error });
      }
    }
  }

  /** Writes those that are chosen, and waits for the lock if need be. */
  async #write(choose: Choice): Promise<void> {
    const attempt = {
      run: () => this.#tryOnce(choose),
      giveUp: (busy: HoldfastError) => this.#giveUp(choose, busy),
      restMs: () => this.#parts.restMs(),
    };
    await retryWhileBusy(attempt, { busyTimeoutMs: Infinity, context: this.#context });
  }

  #tryOnce(choose: Choice): true | Promise<true> {
    const places = choose(this.#toWrite());
    if (places.length === 0) return true;
    const written = this.#parts.writer.write(places.map((place) => this.#groups[place] as WriteGroup));
    if ('results' in written) return this.#wrote(places, written);
    return written.then((it) => this.#wrote(places, it));
  }

  #wrote(places: readonly number[], { results, heldMs }: Written): true {
    this.#parts.held(heldMs);
    this.#parts.busySince = undefined;
    for (const [index, place] of places.entries()) this.#answer(place, results[index] as GroupResult);
    return true;
  }

  /**
   * Answers those that need not wait: they can land no more, as is often so by then, or have waited for as long as they
   * may.
   */
  #giveUp(choose: Choice, busy: HoldfastError): true | undefined {
    this.#parts.busySince ??= clock.now();
    for (const place of choose(this.#toWrite())) {
      const unmet = this.#unmetAt(place);
      if (unmet.length > 0) this.#answer(place, { unmet });
      else if (this.#hasWaited(place)) this.#answer(place, { error: restated(busy, { outcome: 'not-applied' }) });
    }
    if (choose(this.#toWrite()).length === 0) return true;
    this.#context.batch?.wait();
    return undefined;
  }

  #toWrite(): readonly number[] {
    const places = this.#context.batch?.begin() ?? [...this.#groups.keys()];
    return places.filter((place) => this.#results[place] === undefined);
  }

  #answer(place: number, result: GroupResult): void {
    this.#results[place] = result;
    this.#context.batch?.answer(place, result);
  }

  #hasWaited(place: number): boolean {
    const { busySince = 0, busyTimeoutMs } = this.#parts;
    const came = this.#context.batch?.waitedSince(place) ?? this.#began;
    return clock.now() - Math.max(came, busySince) >= busyTimeoutMs;
  }

  #unmetAt(place: number): readonly number[] {
    const { connection } = this.#parts;
    try {
      return connection.exclusively(() => unmetOf(connection, this.#groups[place] as WriteGroup));
    } catch {
      // Still busy, or worse; the write itself will tell.
      return [];
    }
  }
}
