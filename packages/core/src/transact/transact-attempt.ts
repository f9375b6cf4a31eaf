import { checkCodec } from '../codecs/check-codec.ts';
import type { RecordCodec } from '../codecs/record-codec.ts';
import type { Entry } from '../entries/entry.ts';
import type { HoldfastError } from '../errors/holdfast-error.ts';
import { argumentError } from '../filesystem/adapter-error.ts';
import type { Patience } from '../filesystem/operation-context.ts';
import { checkAnswer } from '../operations/check-answer.ts';
import { commitWithin } from '../operations/commit/commit-operation.ts';
import type { ParsedChange } from '../operations/commit/parse-changes.ts';
import { errorOf } from '../operations/named.ts';
import { parsePath, type VirtualPath } from '../paths/virtual-path.ts';
import { Conflict } from '../updates/conflict.ts';
import type { UpdateCalls } from '../updates/update-calls.ts';
import { heard } from './heard.ts';
import { Place } from './place.ts';
import type { Transaction, TransactResult } from './transaction.ts';

/** How the function of a transaction ended. */
type Ended<R> = { readonly outcome: R } | { readonly thrown: unknown };

/** One pass of `transact`: the function reads and says what to write, then all of it is checked and written in one commit. */
export class TransactAttempt<R> {
  readonly #calls: UpdateCalls;
  readonly #gate: (path: VirtualPath) => void;
  readonly #number: number;
  /** In the order in which they were first used. */
  readonly #places = new Map<VirtualPath, Place>();
  readonly #writes: Promise<unknown>[] = [];
  /** That of a read, of which the function may have told nobody. */
  #conflict: HoldfastError | undefined;
  #ended = false;

  constructor(calls: UpdateCalls, gate: (path: VirtualPath) => void, number: number) {
    this.#calls = calls;
    this.#gate = gate;
    this.#number = number;
  }

  async run(run: (transaction: Transaction) => R | Promise<R>): Promise<TransactResult<R>> {
    const ended = await this.#call(run);
    if (this.#conflict !== undefined) throw new Conflict(this.#conflict);
    if ('outcome' in ended) return await this.#land(ended.outcome);
    await this.#confirm();
    throw ended.thrown;
  }

  async #call(run: (transaction: Transaction) => R | Promise<R>): Promise<Ended<R>> {
    try {
      const outcome = await this.#calls.bounded(() => run(this.#transaction()), undefined);
      this.#ended = true;
      for (const write of this.#writes) await this.#calls.bounded(() => write, undefined);
      return { outcome };
    } catch (thrown) {
      return { thrown };
    } finally {
      this.#ended = true;
    }
  }

  #transaction(): Transaction {
    return new RunningTransaction(this.#number, this.#calls.patience, {
      get: (path, codec) => heard(this.#get(path, codec)),
      put: (path, codec, value) =>
        this.#write(path, { codec }, (place) => this.#calls.encode(codec, value, place.path)),
      delete: (path) => this.#write(path, {}, async () => undefined),
    });
  }

  async #get<T>(path: string, codec: RecordCodec<T>): Promise<T | undefined> {
    const place = this.#place(path, { codec });
    try {
      return await place.get(codec);
    } catch (error) {
      if (!Conflict.is(error)) throw error;
      this.#conflict ??= error.cause;
      throw this.#calls.located(error.cause, place.path, 'not-applied');
    }
  }

  /** Begins at once, so that of two writes at one path the later is the one that counts. */
  #write(
    path: string,
    given: { readonly codec?: unknown },
    entryOf: (place: Place) => Promise<Entry | undefined>,
  ): Promise<void> {
    let writing: Promise<Entry | undefined>;
    try {
      const place = this.#place(path, given);
      writing = entryOf(place);
      place.write(writing);
    } catch (thrown) {
      writing = Promise.reject(thrown);
    }
    this.#writes.push(heard(writing));
    return heard(writing.then(() => undefined));
  }

  /** What is known of a path; what is wrong with it, or with the codec, is an error of the transaction. */
  #place(path: string, given: { readonly codec?: unknown }): Place {
    const named = { name: 'transact', path: undefined, changes: true } as const;
    if (this.#ended) throw errorOf(named, 'CLOSED', 'the function of the transaction has ended');
    let target: VirtualPath | undefined;
    try {
      target = parsePath(path);
      if ('codec' in given) checkCodec('codec', given.codec);
    } catch (thrown) {
      throw argumentError(thrown, { ...named, path: target });
    }
    const known = this.#places.get(target);
    if (known !== undefined) return known;
    this.#gate(target);
    const place = new Place(target, this.#calls);
    this.#places.set(target, place);
    return place;
  }

  /** Checks what was read and writes what was written. */
  async #land(outcome: R): Promise<TransactResult<R>> {
    const changes: ParsedChange[] = [];
    for (const place of this.#places.values()) {
      const change = await place.change();
      if (change !== undefined) changes.push(change);
    }
    const written = changes.some(({ change }) => change !== 'check');
    // What was read at one path was there at one moment.
    const { version } = written || changes.length > 1 ? await this.#commit(changes) : { version: undefined };
    return { outcome, version, written, attempts: this.#number };
  }

  /** Before what the function threw is believed: it may have seen what was never there at one moment. */
  async #confirm(): Promise<void> {
    const checks = [...this.#places.values()].flatMap((place) => place.check() ?? []);
    const tooLate = this.#calls.patience.exhausted();
    if (checks.length < 2) return;
    if (tooLate !== undefined) throw this.#calls.located(tooLate, undefined, 'not-applied');
    await this.#commit(checks);
  }

  async #commit(changes: readonly ParsedChange[]) {
    return checkAnswer(await this.#calls.ask(commitWithin(this.#calls.patience, changes)));
  }
}

/**
 * What the function of a transaction is given. Its signal is made when it is asked for. Not a literal with a getter, of
 * which engines make a new hidden class each time.
 */
class RunningTransaction implements Transaction {
  readonly attempt: number;
  readonly remainingMs: Transaction['remainingMs'];
  readonly get: Transaction['get'];
  readonly put: Transaction['put'];
  readonly delete: Transaction['delete'];
  readonly #patience: Patience;

  constructor(attempt: number, patience: Patience, methods: Pick<Transaction, 'get' | 'put' | 'delete'>) {
    this.attempt = attempt;
    this.#patience = patience;
    // Its own, for those who take them out.
    this.remainingMs = () => patience.remainingMs();
    this.get = methods.get;
    this.put = methods.put;
    this.delete = methods.delete;
    Object.freeze(this);
  }

  get signal(): AbortSignal {
    return this.#patience.signal;
  }
}
