import { fork, type ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import type { ChildHarness } from '../harness.ts';
import { parseChild } from '../running/parse-harness.ts';
import { currentRun, stopIfAbandoned } from '../running/current-run.ts';
import { ContractViolation } from '../support/check.ts';
import type { ChildTask } from './tasks.ts';

/** What a child process says: that it has opened the store, what it has done so far, how it ended. */
export type ChildMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'acknowledged'; readonly message: unknown }
  | { readonly type: 'done'; readonly report: unknown }
  | { readonly type: 'failed'; readonly reason: string };

/** A child process, from the moment it was started. */
export interface Child {
  /** Waits until it has opened the store. */
  ready(): Promise<void>;
  /** Lets a child that is ready do its task. */
  begin(): void;
  /** Sends it something else, as a structured clone. */
  send(message: object): void;
  /** What it acknowledges, as it comes. */
  messages(): AsyncIterable<unknown>;
  /** The same of one that kills itself, to the last that it has sent. */
  messagesUntilKilled(): AsyncIterable<unknown>;
  /** Its report. */
  report(): Promise<unknown>;
  /** Waits until it has ended, which it does by itself. */
  ended(): Promise<void>;
  /** Ends it without warning, if it has not ended yet, and waits until it has. */
  kill(): Promise<void>;
}

/**
 * Starts a process that opens the store and waits to be told to begin. Whoever starts it has to end it; it is ended too
 * when the scenario that it is part of is abandoned.
 *
 * @throws ContractViolation when that was abandoned already; HoldfastError `INVALID_ARGUMENT` when the harness names no
 * module
 */
export function spawnChild(harness: ChildHarness, task: ChildTask): Child {
  stopIfAbandoned();
  const process = fork(workerPath(), [JSON.stringify({ harness: parseChild(harness), task })], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Bodies go from one to the other.
    serialization: 'advanced',
  });
  const inbox = new Inbox(process);
  const signal = currentRun()?.signal;
  const end = (): void => void process.kill('SIGKILL');
  signal?.addEventListener('abort', end);
  process.once('exit', () => signal?.removeEventListener('abort', end));
  return {
    async ready() {
      const first = await inbox.next();
      if (first.type !== 'ready')
        throw new ContractViolation(`expected a child process that opens the store; it answered ${first.type}`);
    },
    begin: () => void process.send({ type: 'begin' }),
    send: (message) => void process.send(message),
    async *messages() {
      for (;;) {
        const message = await inbox.next();
        if (message.type !== 'acknowledged') return;
        yield message.message;
      }
    },
    async *messagesUntilKilled() {
      try {
        yield* this.messages();
      } catch (error) {
        if (process.signalCode !== 'SIGKILL') throw error;
      }
    },
    async report() {
      for (;;) {
        const message = await inbox.next();
        if (message.type === 'done') return message.report;
      }
    },
    async ended() {
      if (process.pid === undefined || process.exitCode !== null || process.signalCode !== null) return;
      await once(process, 'exit');
    },
    async kill() {
      // Without an id it was never started.
      if (process.pid === undefined || process.exitCode !== null || process.signalCode !== null) return;
      process.kill('SIGKILL');
      await once(process, 'exit');
    },
  };
}

function workerPath(): URL {
  // Run from sources, the worker is a source too.
  return new URL(import.meta.url.endsWith('.ts') ? '../worker.ts' : '../worker.js', import.meta.url);
}

/** The messages of a child in order; a child that fails or ends early is an error. */
class Inbox {
  readonly #events: AsyncIterator<[ChildMessage]>;
  readonly #gone: Promise<never>;

  constructor(process: ChildProcess) {
    this.#events = on(process, 'message')[Symbol.asyncIterator]() as AsyncIterator<[ChildMessage]>;
    this.#gone = new Promise((_resolve, reject) => {
      process.once('error', reject);
      // Not at its exit, which may be noticed before what it said last.
      process.once('close', (code, signal) =>
        reject(new ContractViolation(`expected a child process to go on; it ended with ${signal ?? code}`)),
      );
    });
    this.#gone.catch(() => {});
  }

  async next(): Promise<ChildMessage> {
    const event = await Promise.race([this.#events.next(), this.#gone]);
    const message = (event.value as [ChildMessage])[0];
    if (message.type === 'failed')
      throw new ContractViolation(`expected a child process to succeed; it failed with ${message.reason}`);
    return message;
  }
}
