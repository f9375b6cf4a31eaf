import { clock, type OperationContext } from '@holdfast/core/adapter';
import type { WriteContext } from '../batches/batch.ts';
import type { SqlDriver, SqlRow } from '../driver.ts';
import type { GroupResult, WriteGroup } from '../group.ts';
import type { SqlQuery } from '../statements/statement.ts';
import { WaitingRead } from './waiting-read.ts';

/** How many reads are sent together at most. What comes back is bounded by the driver. */
const MOST_READS_TOGETHER = 256;

/** A driver that can send reads of one entry each together. */
export type TogetherReader = SqlDriver & Required<Pick<SqlDriver, 'readTogether'>>;

/** Whether a driver can. */
export function canReadTogether(driver: SqlDriver): driver is TogetherReader {
  return driver.readTogether !== undefined;
}

/**
 * Sends the reads of one entry that are asked for within one turn of the event loop together, in one round trip. One that is
 * asked for by itself is sent by itself, in the same turn. Each keeps its own patience: who gives up is answered at once, and the others
 * are not touched.
 */
export class GatheringDriver implements SqlDriver {
  readonly readBeforeWrite?: NonNullable<SqlDriver['readBeforeWrite']>;
  readonly #driver: TogetherReader;
  #gathered: WaitingRead[] = [];

  constructor(driver: TogetherReader) {
    this.#driver = driver;
    if (driver.readBeforeWrite !== undefined) this.readBeforeWrite = driver.readBeforeWrite.bind(driver);
  }

  read(query: SqlQuery, context: OperationContext): Promise<readonly SqlRow[]> {
    if (query.statement.name !== 'get') return this.#driver.read(query, context);
    const read = new WaitingRead(query, context);
    this.#gathered.push(read);
    if (this.#gathered.length === 1) clock.setImmediate(() => this.#send());
    return read.rows();
  }

  write(groups: readonly WriteGroup[], context: WriteContext): Promise<readonly GroupResult[]> {
    return this.#driver.write(groups, context);
  }

  close(): Promise<void> {
    return this.#driver.close();
  }

  #send(): void {
    const gathered = this.#gathered.filter((read) => !read.isOver);
    this.#gathered = [];
    for (let sent = 0; sent < gathered.length; sent += MOST_READS_TOGETHER) {
      const reads = gathered.slice(sent, sent + MOST_READS_TOGETHER);
      if (reads.length === 1) void this.#sendAlone(reads[0] as WaitingRead);
      else void this.#sendTogether(reads);
    }
  }

  async #sendAlone(read: WaitingRead): Promise<void> {
    try {
      read.answer(await this.#driver.read(read.query, read.context));
    } catch (failure) {
      read.fail(failure);
    }
  }

  async #sendTogether(reads: readonly WaitingRead[]): Promise<void> {
    const queries = reads.map(({ query }) => query);
    try {
      const answers = await this.#driver.readTogether(queries, patienceOf(reads));
      reads.forEach((read, index) => {
        const rows = answers[index];
        if (rows !== undefined) read.answer(rows);
        else if (!read.isOver) void this.#sendAlone(read);
      });
    } catch (failure) {
      for (const read of reads) read.fail(failure);
    }
  }
}

/** The patience of all who wait: its signal fires when each has given up, and its deadline is that of the last. */
function patienceOf(reads: readonly WaitingRead[]): OperationContext {
  const controller = new AbortController();
  const left = () => reads.filter((read) => !read.isOver);
  for (const read of reads) {
    read.onGivenUp(() => {
      if (left().length === 0) controller.abort(read.context.signal.reason);
    });
  }
  return {
    signal: controller.signal,
    remainingMs: () => Math.max(0, ...left().map(({ context }) => context.remainingMs())),
  };
}
