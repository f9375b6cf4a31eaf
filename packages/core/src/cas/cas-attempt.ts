import type { Entry, EntryInput, Snapshot } from '../entries/entry.ts';
import { parseEntry } from '../entries/parse-entry.ts';
import { sameEntry } from '../entries/same-entry.ts';
import type { Outcome } from '../errors/error-codes.ts';
import { HoldfastError, isHoldfastError } from '../errors/holdfast-error.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { causeOf, restated } from '../errors/restated.ts';
import { argumentError } from '../filesystem/adapter-error.ts';
import { unlessCutShort } from '../filesystem/cut-short.ts';
import { IN_FLIGHT_GRACE_MS } from '../filesystem/mutation.ts';
import type { Patience } from '../filesystem/operation-context.ts';
import type { OperationOptions } from '../filesystem/operation-options.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { isErrorOfCodec } from '../codecs/codec-error.ts';
import type { RecordCodec } from '../codecs/record-codec.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import { pause } from '../timing/pause.ts';
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

/** Beyond the filesystem's own grace, for one that has none. Only a filesystem that hangs costs this much. */
export const WRITE_GRACE_MS: number = 2 * IN_FLIGHT_GRACE_MS;

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
      const decision = await this.#bounded(async () => apply(current.value, this.#context(current)));
      if (!isCasApply(decision)) {
        throw this.#located(invalidArgument('what apply returns', 'made by CasApply', decision));
      }
      return { done: true, value: await this.#carryOut(decision, current) };
    } catch (error) {
      if (Conflict.is(error)) return { done: false, conflict: error.cause };
      throw error;
    }
  }

  #context(current: Current<T>): CasContext {
    const patience = this.#patience;
    return Object.freeze({
      path: this.#path,
      attempt: this.#number,
      version: current.version,
      signal: patience.signal,
      remainingMs: () => patience.remainingMs(),
    });
  }

  /** Reads and decodes. `outcome` is what an interruption here means for the whole update. */
  async #read(outcome: Outcome): Promise<Current<T>> {
    const get = () => this.#backend(() => this.#filesystem.get(this.#path, this.#options()));
    const stored = await this.#bounded(get, outcome).catch((error: unknown) => {
      throw isHoldfastError(error) ? this.#located(error, outcome) : error;
    });
    if (stored === undefined) return { stored, value: undefined, version: undefined };
    // The codec gets a copy: it may hand out a part of what it is given, and `apply` may write into that.
    const own = { ...stored, body: new Uint8Array(stored.body), indexed: stored.indexed && { ...stored.indexed } };
    const value = await this.#decode(own, outcome);
    return { stored, value, version: stored.version };
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
    const answer = await this.#mutate(() => this.#filesystem.put(this.#path, entry, expectation, this.#options()));
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
      throw this.#located(argumentError(error, 'casUpdate', this.#path));
    }
  }

  async #delete(outcome: unknown, current: Current<T>): Promise<CasResult<T, unknown>> {
    const expectation = { version: this.#versionOf(current.stored as Snapshot) };
    await this.#mutate(() => this.#filesystem.delete(this.#path, expectation, this.#options()));
    // When this fails the delete has landed, but who else came is not known: not a result to promise anything on.
    const { value: snapshot, version } = await this.#read('unknown').catch((error: unknown) => {
      // Starting over would let `apply` decide a second time on what its first decision has changed.
      throw Conflict.is(error) ? this.#located(error.cause, 'unknown') : error;
    });
    return this.#result({ outcome, snapshot, version, written: true });
  }

  #versionOf({ version }: Pick<Snapshot, 'version'>, outcome: Outcome = 'not-applied'): Version {
    if (version !== undefined) return version;
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

  #options(): OperationOptions {
    const remaining = this.#patience.remainingMs();
    return { signal: this.#patience.callerSignal, timeoutMs: remaining };
  }

  /** Runs something that changes nothing until the deadline; a filesystem or `apply` that hangs is left behind. */
  async #bounded<V>(start: () => V | Promise<V>, outcome: Outcome = 'not-applied'): Promise<V> {
    const tooLate = this.#patience.exhausted();
    if (tooLate !== undefined) throw this.#located(tooLate, outcome);
    const work = Promise.resolve(start());
    const first = await Promise.race([work.then(() => undefined), this.#patience.gaveUp()]);
    if (first !== undefined) throw this.#located(first, outcome);
    return work;
  }

  /** Runs a write. Once it is sent, only the filesystem can tell its outcome, so it gets a little longer. */
  async #mutate<V>(start: () => Promise<V>): Promise<V> {
    const tooLate = this.#patience.exhausted();
    if (tooLate !== undefined) throw this.#located(tooLate, 'not-applied');
    const answered = new AbortController();
    const work = this.#backend(start).finally(() => answered.abort());
    const late = this.#patience.gaveUp().then(async (error) => {
      await pause(WRITE_GRACE_MS, answered.signal);
      if (answered.signal.aborted) return work;
      throw new HoldfastError(error.code, 'the filesystem did not answer a write in time', {
        operation: 'casUpdate',
        path: this.#path,
        outcome: 'unknown',
        ...causeOf(error),
      });
    });
    return Promise.race([work, late]);
  }

  /** Sorts the errors of the filesystem: conflicts to retry, refusals to name, the rest as it is. */
  async #backend<V>(start: () => Promise<V>): Promise<V> {
    try {
      return await start();
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
