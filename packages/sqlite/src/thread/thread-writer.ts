import type { Worker } from 'node:worker_threads';
import { HoldfastError } from '@holdfast/core';
import type { WriteGroup } from '@holdfast/sql';
import type { BatchWriter, Written } from '../batch-writer.ts';
import type { SqliteConnection } from '../connection.ts';
import { LoopWriter } from '../loop-writer.ts';
import { resultsOf } from '../transactions.ts';
import { receivedEnd } from './received-end.ts';
import { RunningThread } from './running-thread.ts';
import { batchToSend } from './send-batch.ts';
import { LOCK_LOST } from './thread-messages.ts';
import { warnOfNoThread } from './warn-of-no-thread.ts';

/** What a {@link ThreadWriter} works with. */
export interface ThreadWriterParts {
  /** The connection that reads. It has the file open for longer than any thread. */
  readonly connection: SqliteConnection;
  /** Starts a thread that writes to the same file. */
  readonly start: () => Worker;
}

/**
 * Runs transactions on a thread, on a connection of its own to the file of another one. A thread that has ended is replaced
 * when something is to be written. Where none can be had, transactions run on the event loop, and the process is warned
 * once.
 */
export class ThreadWriter implements BatchWriter {
  readonly #connection: SqliteConnection;
  readonly #start: () => Worker;
  readonly #loop: LoopWriter;
  #thread: Promise<RunningThread | undefined> | undefined;
  #closed = false;

  constructor({ connection, start }: ThreadWriterParts) {
    this.#connection = connection;
    this.#start = start;
    this.#loop = new LoopWriter(connection);
  }

  /** Starts the thread, or finds out that there can be none. */
  async ready(): Promise<void> {
    await this.#running();
  }

  async write(groups: readonly WriteGroup[]): Promise<Written> {
    const thread = await this.#running();
    if (this.#closed) throw new HoldfastError('CLOSED', 'the connection to the database is closed', NOT_APPLIED);
    if (thread === undefined) return this.#loop.write(groups);
    const locks = this.#connection.beforeOthersTransaction();
    const sent = await thread.run(batchToSend(groups, locks));
    const end = receivedEnd(sent);
    if ('thrown' in end && (end.thrown as { readonly code?: unknown }).code === LOCK_LOST) {
      this.#connection.lostOthersLock();
    }
    return { results: resultsOf(end), heldMs: sent.heldMs };
  }

  async close(): Promise<void> {
    this.#closed = true;
    const thread = await this.#thread;
    await thread?.close({ writesBack: this.#isAlone() });
  }

  /** Whether no other library of the process is known to have the file open, whose locks do not keep ours out. */
  #isAlone(): boolean {
    try {
      this.#connection.beforeOthersTransaction();
      return true;
    } catch {
      return false;
    }
  }

  async #running(): Promise<RunningThread | undefined> {
    const thread = await (this.#thread ??= this.#started());
    if (thread?.hasEnded !== true || this.#closed) return thread;
    // Where there was one there can be another, sooner or later.
    const another = this.#started();
    this.#thread = another.then((it) => it ?? thread);
    return another;
  }

  async #started(): Promise<RunningThread | undefined> {
    try {
      return await RunningThread.of(this.#start());
    } catch (thrown) {
      warnOfNoThread(thrown);
      return undefined;
    }
  }
}

const NOT_APPLIED = { outcome: 'not-applied' } as const;
