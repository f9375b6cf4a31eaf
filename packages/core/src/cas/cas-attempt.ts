import type { Entry, EntryInput, Snapshot } from '../entries/entry.ts';
import { parseEntry } from '../entries/parse-entry.ts';
import { sameEntry } from '../entries/same-entry.ts';
import type { Outcome } from '../errors/error-codes.ts';
import { HoldfastError, isHoldfastError } from '../errors/holdfast-error.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { restated } from '../errors/restated.ts';
import { argumentError } from '../filesystem/adapter-error.ts';
import { unlessCutShort } from '../filesystem/cut-short.ts';
import type { Patience } from '../filesystem/operation-context.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { isErrorOfCodec } from '../codecs/codec-error.ts';
import type { RecordCodec } from '../codecs/record-codec.ts';
import { begin } from '../operations/begin.ts';
import { deleteWithin } from '../operations/delete/delete.ts';
import { getWithin } from '../operations/get/get.ts';
import type { Operation } from '../operations/operation.ts';
import { putWithin } from '../operations/put/put.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import type { Version } from '../versions/version.ts';
import { isCasApply, type CasApply } from './cas-apply.ts';
import type { CasContext, CasResult } from './cas-result.ts';

/** How an attempt ended: with a result for the caller, or with a conflict to back off from. */
export type AttemptResult<T> =
  | { readonly done: true; readonly value: CasResult<T, unknown> }
  | { readonly done: false; readonly conflict: HoldfastError };

/** What was read: the bytes as stored, kept apart from what the codec and `apply` may change in place. */
interface Current<T> {
  readonly stored: Snapshot | undefined;
  readonly value: T | undefined;
  readonly version: Version | undefined;
}

/** One pass of `casUpdate`: read, decide, write. */
export class CasAttempt<T> {
  readonly #filesystem: RootFilesystem;
  readonly #path: VirtualPath;
  readonly #codec: RecordCodec<T>;
  readonly #patience: Patience;
  readonly #number: number;

  constructor(
    filesystem: RootFilesystem,
    path: VirtualPath,
    codec: RecordCodec<T>,
    patience: Patience,
    number: number,
  ) {
    this.#filesystem = filesystem;
    this.#path = path;
    this.#codec = codec;
    this.#patience = patience;
    this.#number = number;
  }

  async run(
    apply: (current: T | undefined, context: CasContext) => CasApply<T, unknown> | Promise<CasApply<T, unknown>>,
  ): Promise<AttemptResult<T>> {
    try {
      const current = await this.#read('not-applied');
      const decision = await this.#bounded(() => apply(current.value, this.#context(current)));
      if (!isCasApply(decision)) {
        throw this.#located(invalidArgument('what apply returns', 'made by CasApply', decision));
      }
      return { done: true, value: await this.#carryOut(decision, current) };
    } catch (error) {
      if (Conflict.is(error)) return { done: false, conflict: error.cause };
      throw error;
    }
  }

  #context({ version }: Current<T>): CasContext {
    return new AttemptContext({ path: this.#path, attempt: this.#number, version }, this.#patience);
  }

  /** Reads and decodes. `outcome` is what an interruption here means for the whole update. */
  async #read(outcome: Outcome): Promise<Current<T>> {
    let stored: Snapshot | undefined;
    try {
      stored = await this.#ask(getWithin(this.#patience, this.#path));
    } catch (error) {
      throw isHoldfastError(error) ? this.#located(error, outcome) : error;
    }
    if (stored === undefined) return { stored, value: undefined, version: undefined };
    // The codec gets a copy: it may hand out a part of what it is given, and `apply` may write into that.
    const { path, body, contentType, kind, indexed, version } = stored;
    const own = { path, body: new Uint8Array(body), contentType, kind, indexed: indexed && { ...indexed }, version };
    return { stored, value: await this.#decode(own, outcome), version };
  }

  async #decode(stored: Snapshot, outcome: Outcome): Promise<T> {
    try {
      return await this.#bounded(() => this.#codec.decode(stored), outcome);
    } catch (error) {
      throw this.#ofRecord(error, outcome);
    }
  }

  /** A codec knows nothing of operations and paths. What else it throws is the caller's own. */
  #ofRecord(error: unknown, outcome: Outcome): unknown {
    return isErrorOfCodec(error) ? this.#located(error, outcome) : error;
  }

  #carryOut(decision: CasApply<T, unknown>, current: Current<T>): Promise<CasResult<T, unknown>> {
    switch (decision.decision) {
      case 'noOp':
        return this.#unchanged(decision.outcome, current);
      case 'delete':
        return current.stored === undefined
          ? this.#unchanged(decision.outcome, current)
          : this.#delete(decision.outcome, current);
      case 'write':
      case 'forceWrite':
        return this.#write(decision, current);
    }
  }

  /** Decodes what is stored once more: `apply` may have changed `current` in place and then decided on a no-op. */
  async #unchanged(outcome: unknown, { stored, version }: Current<T>): Promise<CasResult<T, unknown>> {
    const snapshot = stored && (await this.#decode(stored, 'not-applied'));
    return this.#result({ outcome, snapshot, version, written: false });
  }

  async #write(
    decision: Extract<CasApply<T, unknown>, { readonly next: T }>,
    current: Current<T>,
  ): Promise<CasResult<T, unknown>> {
    const { next, outcome } = decision;
    const entry = await this.#encode(next);
    const { stored } = current;
    if (decision.decision === 'write' && stored !== undefined && sameEntry(entry, stored)) {
      return this.#result({ outcome, snapshot: next, version: this.#versionOf(stored), written: false });
    }
    const expectation = stored === undefined ? 'absent' : { version: this.#versionOf(stored) };
    const answer = await this.#ask(putWithin(this.#patience, this.#path, entry, expectation));
    return this.#result({ outcome, snapshot: next, version: this.#versionOf(answer, 'unknown'), written: true });
  }

  async #encode(next: T): Promise<Entry> {
    let input: EntryInput;
    try {
      input = await this.#bounded(() => this.#codec.encode(next));
    } catch (error) {
      throw this.#ofRecord(error, 'not-applied');
    }
    try {
      return parseEntry(input);
    } catch (error) {
      throw this.#located(argumentError(error, { name: 'casUpdate', path: this.#path, changes: true }));
    }
  }

  async #delete(outcome: unknown, current: Current<T>): Promise<CasResult<T, unknown>> {
    const expectation = { version: this.#versionOf(current.stored) };
    await this.#ask(deleteWithin(this.#patience, this.#path, expectation));
    // When this fails the delete has landed, but who else came is not known: not a result to promise anything on.
    const { value: snapshot, version } = await this.#read('unknown').catch((error: unknown) => {
      // Starting over would let `apply` decide a second time on what its first decision has changed.
      throw Conflict.is(error) ? this.#located(error.cause, 'unknown') : error;
    });
    return this.#result({ outcome, snapshot, version, written: true });
  }

  #versionOf(answer: Pick<Snapshot, 'version'> | undefined, outcome: Outcome = 'not-applied'): Version {
    if (answer?.version !== undefined) return answer.version;
    throw new HoldfastError('CAS_UNSUPPORTED', 'the backend claims versions but answered without one', {
      operation: 'casUpdate',
      path: this.#path,
      outcome,
      capability: 'cas',
    });
  }

  #result(parts: Omit<CasResult<T, unknown>, 'attempts'>): CasResult<T, unknown> {
    return { ...parts, attempts: this.#number };
  }

  #refuseTooLate(outcome: Outcome): void {
    const tooLate = this.#patience.exhausted();
    if (tooLate !== undefined) throw this.#located(tooLate, outcome);
  }

  /** Runs what is the caller's until the deadline; if that hangs, it is left behind. */
  #bounded<V>(start: () => V | Promise<V>, outcome: Outcome = 'not-applied'): V | Promise<V> {
    this.#refuseTooLate(outcome);
    const work = start();
    return isThenable(work) ? this.#untilTooLate(work, outcome) : work;
  }

  async #untilTooLate<V>(work: PromiseLike<V>, outcome: Outcome): Promise<V> {
    try {
      return await this.#patience.race(Promise.resolve(work));
    } catch (error) {
      const tooLate = this.#patience.exhausted();
      throw tooLate !== undefined && error === tooLate ? this.#located(tooLate, outcome) : error;
    }
  }

  /** Has the filesystem do a part of the update, and sorts its errors: conflicts to retry, refusals to name, the rest. */
  async #ask<R>(operation: Operation<R>): Promise<R> {
    try {
      return await begin(this.#filesystem, operation);
    } catch (thrown) {
      // Also of a filesystem that is no adapter's, whose clock may be ahead of ours by nothing.
      const error = unlessCutShort(thrown, this.#patience);
      if (!isHoldfastError(error)) throw error;
      const conflict = error.code === 'BUSY' || error.code === 'VERSION_MISMATCH';
      if (conflict && error.outcome !== 'unknown') throw new Conflict(error);
      if (error.code !== 'UNSUPPORTED') throw this.#located(error, error.outcome);
      throw new HoldfastError('CAS_UNSUPPORTED', 'the backend refused what its capabilities claim', {
        operation: 'casUpdate',
        path: this.#path,
        capability: error.capability,
        cause: error,
      });
    }
  }

  /** The same error as one of this update. */
  #located(error: HoldfastError, outcome?: Outcome): HoldfastError {
    return restated(error, { operation: 'casUpdate', path: this.#path, outcome });
  }
}

function isThenable<V>(value: V | PromiseLike<V>): value is PromiseLike<V> {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    typeof (value as PromiseLike<V> | null)?.then === 'function'
  );
}

/** What `apply` is told of an attempt. Its signal is made when it is asked for, which it seldom is. */
class AttemptContext implements CasContext {
  readonly path: VirtualPath;
  readonly attempt: number;
  readonly version: Version | undefined;
  readonly remainingMs: () => number;
  readonly #patience: Patience;

  constructor({ path, attempt, version }: Omit<CasContext, 'signal' | 'remainingMs'>, patience: Patience) {
    this.path = path;
    this.attempt = attempt;
    this.version = version;
    this.#patience = patience;
    // Its own, for those who take it out.
    this.remainingMs = () => patience.remainingMs();
    Object.freeze(this);
  }

  get signal(): AbortSignal {
    return this.#patience.signal;
  }
}

/** Carries a definite conflict out of an attempt. Never leaves this file. */
class Conflict {
  readonly #cause: HoldfastError;

  constructor(cause: HoldfastError) {
    this.#cause = cause;
  }

  get cause(): HoldfastError {
    return this.#cause;
  }

  /** Not `instanceof`, which asks the prototype of what `apply` threw, and a revoked proxy throws at that. */
  static is(thrown: unknown): thrown is Conflict {
    return typeof thrown === 'object' && thrown !== null && #cause in thrown;
  }
}
