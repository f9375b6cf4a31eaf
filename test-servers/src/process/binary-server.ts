import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { reasonOf, ServerError } from '../server-error.ts';
import type { Restartable } from '../server.ts';
import { freePort } from './free-port.ts';
import { endOfLog, ServerProcess, type Command } from './server-process.ts';
import { Watchdog } from './watchdog.ts';

/** How to run one kind of server. */
export interface BinaryServerSpec {
  /** As it is called in errors. */
  readonly name: string;
  /** A folder of its own, which is removed in the end. */
  readonly folder: string;
  /** What is done once before the first start. The watchdog is told of the processes it runs. */
  prepare?(run: (command: Command) => Promise<void>): Promise<void>;
  command(port: number): Command;
  /** Resolves once the server at this port answers to the credentials that only ours knows. */
  ask(port: number): Promise<unknown>;
  /** Ends the server in its own way, when the data need not be kept. */
  readonly stopSignal: NodeJS.Signals;
  /** Gives back what a killed server could not. */
  collect?(): Promise<void>;
}

/** The time in which a server must answer, in milliseconds: what a loaded machine takes, many times over. */
const startTimeoutMs = 60_000;

/** How long a server may take to stop before it is killed, in milliseconds. */
const stopTimeoutMs = 10_000;

/** How many ports are tried when somebody else was faster. */
const portAttempts = 10;

/** A server that runs as a child of this process. */
export class BinaryServer implements Restartable {
  readonly #spec: BinaryServerSpec;
  readonly #log: string;
  readonly #watchdog: Watchdog;
  #process: ServerProcess | undefined;
  #port = 0;
  #stopped: Promise<void> | undefined;

  private constructor(spec: BinaryServerSpec) {
    this.#spec = spec;
    this.#log = join(spec.folder, 'server.log');
    this.#watchdog = new Watchdog(spec.folder);
  }

  /**
   * Starts a server at a free port. If that fails nothing is left of it.
   *
   * @throws ServerError with the end of its log
   */
  static async launch(spec: BinaryServerSpec): Promise<BinaryServer> {
    const server = new BinaryServer(spec);
    try {
      await spec.prepare?.((command) => server.#run(command));
      for (let attempt = 1; ; attempt++) {
        server.#port = await freePort();
        const problem = await server.#launch();
        if (problem === undefined) return server;
        const taken = /address already in use/i.test(problem);
        if (!taken || attempt === portAttempts) throw new ServerError(problem);
      }
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** The port of 127.0.0.1 it listens on. */
  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    if (this.#stopped) throw new ServerError(`${this.#spec.name} was stopped, and its data are gone.`);
    if (this.#process?.hasEnded === false) return;
    const problem = await this.#launch();
    if (problem !== undefined) throw new ServerError(problem);
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
    this.#watchdog.watch(undefined);
  }

  async halt(): Promise<void> {
    await this.#process?.signal('SIGSTOP');
  }

  async resume(): Promise<void> {
    await this.#process?.signal('SIGCONT');
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    await this.#process?.end(this.#spec.stopSignal, stopTimeoutMs);
    this.#watchdog.watch(undefined);
    await this.#spec.collect?.();
    await this.#watchdog.end();
    await rm(this.#spec.folder, { recursive: true, force: true });
  }

  /** Runs a program that ends by itself. */
  async #run(command: Command): Promise<void> {
    const program = new ServerProcess(command, this.#log);
    this.#watchdog.watch(program.pid);
    const how = await program.finish();
    this.#watchdog.watch(undefined);
    if (how !== 'exit code 0') throw new ServerError(await this.#failure(`${command.file} failed (${how})`));
  }

  /** Starts it at its port. Resolves when it answers, with nothing, or when it will not, with why. */
  async #launch(): Promise<string | undefined> {
    const process = new ServerProcess(this.#spec.command(this.#port), this.#log);
    this.#process = process;
    this.#watchdog.watch(process.pid);
    const deadline = performance.now() + startTimeoutMs;
    for (;;) {
      const answer = this.#spec.ask(this.#port).then(() => undefined, reasonOf);
      // If somebody else has the port, there may be no answer for long.
      const problem = await Promise.race([answer, process.ended]);
      // Asked after it answered: somebody else may have answered in its place.
      if (process.hasEnded) return this.#failure(`${this.#spec.name} ended at once (${await process.ended})`);
      if (problem === undefined) return undefined;
      if (performance.now() > deadline) {
        await process.kill();
        return this.#failure(`${this.#spec.name} did not answer within ${startTimeoutMs / 1000} s: ${problem}`);
      }
      await delay(25);
    }
  }

  async #failure(what: string): Promise<string> {
    return `${what}. The end of its log:\n${await endOfLog(this.#log)}`;
  }
}
