import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { killTree, signalTree } from './process-tree.ts';

/** How to run a program. Its environment holds nothing but what is given here. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** As whom to run it, for a process that runs as root and a program that must not. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

/** A running program that writes what it has to say to a file. */
export class ServerProcess {
  readonly pid: number | undefined;
  /** Resolves when it has ended, with how: `exit code 1`. Never rejects. */
  readonly ended: Promise<string>;
  /** Whether it has ended. */
  hasEnded = false;
  readonly #child: ChildProcess;

  /** Starts it. A program that cannot be run at all has ended at once. */
  constructor(command: Command, logFile: string) {
    const log = openSync(logFile, 'a');
    try {
      this.#child = spawn(command.file, command.args, {
        env: { PATH: process.env['PATH'] ?? '', ...command.env },
        stdio: ['ignore', log, log],
        // Ctrl-C goes to the group of the tests; the servers end after them, not before.
        detached: true,
        ...command.user,
      });
    } finally {
      closeSync(log);
    }
    this.pid = this.#child.pid;
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(error.message));
      this.#child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    }).then((how) => {
      this.hasEnded = true;
      return how as string;
    });
    // Whoever forgets to stop a server shall not hang: the watchdog ends it.
    this.#child.unref();
  }

  /** Waits until it ends by itself; resolves with how. */
  async finish(): Promise<string> {
    this.#child.ref();
    return this.ended;
  }

  /** Asks it to end, and ends it with SIGKILL if it has not after so many milliseconds. Resolves when it is gone. */
  async end(signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
    if (this.hasEnded || this.pid === undefined) return;
    this.#child.ref();
    this.#child.kill(signal);
    const impatience = new AbortController();
    await Promise.race([this.ended, delay(timeoutMs, undefined, { signal: impatience.signal }).catch(() => {})]);
    impatience.abort();
    await this.kill();
  }

  /** Sends a signal to it and its children. */
  async signal(name: NodeJS.Signals): Promise<void> {
    if (!this.hasEnded && this.pid !== undefined) await signalTree(this.pid, name);
  }

  /** Ends it and its children with SIGKILL; resolves when they are gone. */
  async kill(): Promise<void> {
    if (this.hasEnded || this.pid === undefined) return;
    this.#child.ref();
    await killTree(this.pid);
    await this.ended;
  }
}

/** The last lines of a log, for an error message. */
export async function endOfLog(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  const lines = text.trimEnd().split('\n').slice(-15);
  return lines.map((line) => `  ${line}`).join('\n');
}
