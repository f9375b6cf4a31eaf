import type { Worker } from 'node:worker_threads';
import { HoldfastError } from '@holdfast/core';
import type { BatchToSend } from './send-batch.ts';
import { CLOSE, READY, WRITE_BACK_AND_CLOSE, type SentEnd } from './thread-messages.ts';

/** Somebody who waits for the answer to a batch. */
interface Waiting {
  readonly answer: (end: SentEnd) => void;
  readonly fail: (error: HoldfastError) => void;
}

/**
 * A thread that writes, as seen from the one that sends. It keeps the process alive only while it has something to do.
 * However it ends (it crashes, somebody terminates it), whatever it held is answered then, and not before its connection is
 * closed: nothing of it lands after that.
 */
export class RunningThread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  readonly #ended: Promise<void>;
  #hasEnded = false;
  #crash: unknown;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (end: SentEnd) => this.#answer(end));
    worker.on('error', (crash: unknown) => {
      this.#crash = crash;
    });
    this.#ended = new Promise((resolve) => {
      worker.on('exit', () => {
        this.#end();
        resolve();
      });
    });
  }

  /**
   * One that was just started, as soon as it can write.
   *
   * @throws what it ended with before that, or an error that says so
   */
  static async of(worker: Worker): Promise<RunningThread> {
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the thread ended before it was ready')));
      worker.once('message', (message: typeof READY) => {
        if (message === READY) resolve();
      });
    });
    const thread = new RunningThread(worker);
    worker.unref();
    return thread;
  }

  /** Whether it takes no more batches. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * Has a batch written.
   *
   * @throws HoldfastError `UNAVAILABLE` with outcome `'unknown'` when the thread ends without an answer
   */
  run({ batch, transfer }: BatchToSend): Promise<SentEnd> {
    return new Promise((answer, fail) => {
      this.#worker.postMessage(batch, transfer);
      this.#worker.ref();
      this.#waiting.push({ answer, fail });
    });
  }

  /** Ends it, when it has done what it was sent. */
  close({ writesBack }: { readonly writesBack: boolean }): Promise<void> {
    if (!this.#hasEnded) {
      this.#worker.postMessage(writesBack ? WRITE_BACK_AND_CLOSE : CLOSE, []);
      this.#worker.ref();
    }
    return this.#ended;
  }

  #answer(end: SentEnd): void {
    this.#waiting.shift()?.answer(end);
    if (this.#waiting.length === 0) this.#worker.unref();
  }

  #end(): void {
    this.#hasEnded = true;
    for (const { fail } of this.#waiting.splice(0)) {
      const details = { outcome: 'unknown', ...(this.#crash !== undefined && { cause: this.#crash }) } as const;
      fail(new HoldfastError('UNAVAILABLE', 'the thread that writes ended without an answer', details));
    }
  }
}
