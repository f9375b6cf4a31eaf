import {
  HoldfastError,
  isHoldfastError,
  type Capabilities,
  type Change,
  type CommitResult,
  type DeleteResult,
  type EntriesOptions,
  type EntryInput,
  type ListOptions,
  type ListPage,
  type OperationOptions,
  type PutResult,
  type RootFilesystem,
  type Snapshot,
} from '@holdfast/core';
import type { ChildHarness } from '../harness.ts';
import { ContractViolation } from '../support/check.ts';
import { spawnChild, type Child } from './spawn-child.ts';

/** One call that a child process is asked to make on the filesystem it has opened. */
export interface ChildCall {
  readonly id: number;
  readonly method: 'capabilitiesAt' | 'get' | 'put' | 'delete' | 'commit' | 'list' | 'entries' | 'close';
  readonly args: readonly unknown[];
  /** The options but for the signal, of which only is said whether there is one and whether it has fired. */
  readonly options: object;
  readonly signal: 'none' | 'quiet' | 'fired';
}

/** What the child answers: what the call gave, or the parts of the error that it threw. */
export type ChildAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: ChildError };

/** An error as it goes from one process to another. */
export interface ChildError {
  /** The fields of a {@link HoldfastError}; `undefined` for any other error. */
  readonly typed: Pick<HoldfastError, 'code' | 'operation' | 'path' | 'paths' | 'outcome' | 'capability'> | undefined;
  readonly message: string;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A filesystem that a child process has opened: each call is made over there. Signals that fire later do not reach it,
 * and `entries` is answered at once and as a whole.
 */
export class ChildFilesystem implements RootFilesystem {
  readonly #child: Child;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  #capabilities: Capabilities | undefined;
  #calls = 0;

  private constructor(child: Child) {
    this.#child = child;
    this.#ended = this.#listen();
    this.#ended.catch(() => {});
  }

  /** Starts a process that opens the store. Closing ends it. */
  static async open(harness: ChildHarness): Promise<ChildFilesystem> {
    const child = spawnChild(harness, { task: 'serve' });
    try {
      await child.ready();
      child.begin();
      const filesystem = new ChildFilesystem(child);
      filesystem.#capabilities = (await filesystem.#call('capabilitiesAt', ['/'])) as Capabilities;
      return filesystem;
    } catch (error) {
      await child.kill();
      throw error;
    }
  }

  capabilitiesAt(): Capabilities {
    return this.#capabilities as Capabilities;
  }

  async get(path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    return (await this.#call('get', [path], options)) as Snapshot | undefined;
  }

  async put(path: string, entry: EntryInput, expectation: unknown, options?: OperationOptions): Promise<PutResult> {
    return (await this.#call('put', [path, entry, expectation], options)) as PutResult;
  }

  async delete(path: string, expectation: unknown, options?: OperationOptions): Promise<DeleteResult> {
    return (await this.#call('delete', [path, expectation], options)) as DeleteResult;
  }

  /** Makes a commit over there. */
  async commit(changes: readonly Change[], options?: OperationOptions): Promise<CommitResult> {
    return (await this.#call('commit', [changes], options)) as CommitResult;
  }

  async list(directory: string, options?: ListOptions): Promise<ListPage> {
    return (await this.#call('list', [directory], options)) as ListPage;
  }

  async *entries(prefix: string, options?: EntriesOptions): AsyncGenerator<Snapshot, void, undefined> {
    yield* (await this.#call('entries', [prefix], options)) as Snapshot[];
  }

  async close(): Promise<void> {
    try {
      this.#child.send({ method: 'close' } satisfies Pick<ChildCall, 'method'>);
      await this.#ended;
    } finally {
      await this.#child.kill();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #listen(): Promise<void> {
    try {
      for await (const message of this.#child.messages()) this.#settle(message as ChildAnswer);
      this.#abandon(new ContractViolation('expected a child process that answers every call; it has closed its store'));
    } catch (error) {
      this.#abandon(error);
      throw error;
    }
  }

  #abandon(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #settle(answer: ChildAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(revive(answer.error));
    else waiting?.resolve(answer.value);
  }

  #call(method: ChildCall['method'], args: readonly unknown[], given: OperationOptions = {}): Promise<unknown> {
    const id = (this.#calls += 1);
    const { signal, ...options } = given;
    const said = signal === undefined ? 'none' : signal.aborted ? 'fired' : 'quiet';
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    this.#child.send({ id, method, args, options, signal: said } satisfies ChildCall);
    return promise;
  }
}

function revive({ typed, message }: ChildError): Error {
  if (typed === undefined) return new Error(message);
  const { code, ...details } = typed;
  return new HoldfastError(code, message, details);
}

/** What of an error goes to the process that made the call. */
export function describeError(thrown: unknown): ChildError {
  if (!isHoldfastError(thrown)) return { typed: undefined, message: String(thrown) };
  const { code, operation, path, paths, outcome, capability, message } = thrown;
  return { typed: { code, operation, path, paths, outcome, capability }, message };
}
