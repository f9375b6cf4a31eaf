import type { Capabilities } from '../capabilities/capabilities.ts';
import { isErrorOfCodec } from '../codecs/codec-error.ts';
import { OwnCodec } from '../codecs/own-codec.ts';
import type { RecordCodec } from '../codecs/record-codec.ts';
import type { Entry, EntryInput, Snapshot } from '../entries/entry.ts';
import type { Outcome } from '../errors/error-codes.ts';
import { isHoldfastError, type HoldfastError, type OperationName } from '../errors/holdfast-error.ts';
import { ownError } from '../errors/own-error.ts';
import { restated } from '../errors/restated.ts';
import { adapterError, argumentError } from '../filesystem/adapter-error.ts';
import { unlessCutShort } from '../filesystem/cut-short.ts';
import { Patience } from '../filesystem/operation-context.ts';
import type { OperationLimits, OperationOptions } from '../filesystem/operation-options.ts';
import type { PutResult, RootFilesystem } from '../filesystem/root-filesystem.ts';
import { begin } from '../operations/begin.ts';
import { checkAnswer } from '../operations/check-answer.ts';
import { getWithin } from '../operations/get/get.ts';
import type { Named } from '../operations/named.ts';
import { putWithin } from '../operations/put/put.ts';
import type { DirectoryPath, VirtualPath } from '../paths/virtual-path.ts';
import type { Version } from '../versions/version.ts';
import type { StoredRecord } from './stored-record.ts';

/** The helpers, which are free functions on what every filesystem has. */
export type HelperName = Extract<OperationName, 'readRecord' | 'createRecord' | 'records' | 'listAll'>;

/**
 * One call of a helper, or one step of an iteration: one signal and one deadline for all that it does. A filesystem or
 * codec that does not heed them is left behind. Its errors name the helper, and the path that is to blame.
 */
export class HelperCall implements Disposable {
  readonly #name: HelperName;
  readonly #path: DirectoryPath | undefined;
  readonly #patience: Patience;

  constructor(name: HelperName, path: DirectoryPath | undefined, limits: OperationLimits) {
    this.#name = name;
    this.#path = path;
    this.#patience = new Patience(named(name, path), limits);
  }

  /** Runs a check of the caller's arguments; what it throws becomes an error of the helper. */
  static checked<V>(name: HelperName, path: string | undefined, check: () => V): V {
    try {
      return check();
    } catch (thrown) {
      throw argumentError(thrown, named(name, path));
    }
  }

  /** For a call below this one: the caller's own signal, and what is left of the time. */
  options(): OperationOptions {
    const remaining = this.#patience.remainingMs();
    return { signal: this.#patience.callerSignal, timeoutMs: remaining === Infinity ? undefined : remaining };
  }

  /** Refuses a path that is not versioned or takes no records. Costs nothing. */
  gate(filesystem: RootFilesystem): void {
    let claimed: Partial<Capabilities> | undefined;
    try {
      claimed = filesystem.capabilitiesAt(this.#path ?? '/');
    } catch (thrown) {
      throw this.#ofBackend(thrown, 'not-applied');
    }
    const missing = claimed?.cas !== 'versioned' ? 'cas' : claimed.records !== true ? 'records' : undefined;
    if (missing === undefined) return;
    throw this.#unsupported('this path takes no versioned records', missing, this.#path, 'not-applied');
  }

  /** Has the filesystem do something else that changes nothing, by its public methods. */
  async read<V>(start: () => V | Promise<V>): Promise<V> {
    try {
      return await this.#bounded(start);
    } catch (thrown) {
      throw this.#ofBackend(thrown, undefined);
    }
  }

  /** The entry at a path, with a body of its own, unless that is only looked at. */
  async get(
    filesystem: RootFilesystem,
    path: VirtualPath,
    { owns }: { readonly owns: boolean } = { owns: true },
  ): Promise<Snapshot | undefined> {
    try {
      return await begin(filesystem, getWithin(this.#patience, path, { owns }));
    } catch (thrown) {
      throw this.#ofBackend(thrown, undefined, path);
    }
  }

  /** Has an entry put where nothing is. */
  async create(filesystem: RootFilesystem, path: VirtualPath, entry: Entry): Promise<Version> {
    let answer: PutResult;
    try {
      answer = checkAnswer(await begin(filesystem, putWithin(this.#patience, path, entry, 'absent')));
    } catch (thrown) {
      throw this.#ofBackend(thrown, isHoldfastError(thrown) ? thrown.outcome : 'unknown');
    }
    return this.#versionOf(answer.version, path, 'unknown');
  }

  /** The entry of a value. */
  async encode<T>(codec: RecordCodec<T>, value: T): Promise<Entry> {
    let input: EntryInput;
    try {
      input = await this.#bounded(() => codec.encode(value));
    } catch (error) {
      throw this.#ofCodec(error, this.#path);
    }
    return HelperCall.checked(this.#name, this.#path, () => OwnCodec.parse(codec, input));
  }

  /** The record of an entry. */
  async decode<T>(codec: RecordCodec<T>, stored: Snapshot): Promise<StoredRecord<T>> {
    const { path, version } = stored;
    try {
      const value = await this.#bounded(() => codec.decode(stored), path);
      return { path, value, version: this.#versionOf(version, path, undefined) };
    } catch (error) {
      throw this.#ofCodec(error, path);
    }
  }

  /** Listens to the signal no more. Called where the call is made often: what `using` is compiled to costs 0.3 µs. */
  end(): void {
    this.#patience[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.end();
  }

  /** Runs something that changes nothing until the deadline; what hangs is left behind. */
  async #bounded<V>(start: () => V | Promise<V>, path: DirectoryPath | undefined = this.#path): Promise<V> {
    this.#refuseTooLate(path);
    const work = Promise.resolve(start());
    try {
      return await this.#patience.race(work);
    } catch (thrown) {
      const tooLate = this.#patience.exhausted();
      throw tooLate !== undefined && thrown === tooLate ? this.#located(tooLate, path, 'not-applied') : thrown;
    }
  }

  #refuseTooLate(path: DirectoryPath | undefined): void {
    const tooLate = this.#patience.exhausted();
    if (tooLate !== undefined) throw this.#located(tooLate, path, 'not-applied');
  }

  #versionOf(version: Version | undefined, path: DirectoryPath | undefined, outcome: Outcome | undefined): Version {
    if (version !== undefined) return version;
    throw this.#unsupported('the backend answered without a version', 'cas', path, outcome);
  }

  #unsupported(
    message: string,
    capability: keyof Capabilities,
    path: DirectoryPath | undefined,
    outcome: Outcome | undefined,
  ): HoldfastError {
    return this.#located(ownError('UNSUPPORTED', message, { capability }), path, outcome);
  }

  /** What a filesystem threw, as an error of the helper: nothing leaves that is not typed. */
  #ofBackend(thrown: unknown, outcome: Outcome | undefined, path = this.#path): HoldfastError {
    const error = adapterError(unlessCutShort(thrown, this.#patience), named(this.#name, path));
    return this.#located(error, error.path, outcome);
  }

  /** What a codec threw. Its own words get the operation and the path; whatever else it is reaches the caller as it is. */
  #ofCodec(thrown: unknown, path: DirectoryPath | undefined): unknown {
    return isErrorOfCodec(thrown) ? this.#located(thrown, path, 'not-applied') : thrown;
  }

  /** The same error as one of this call; only that of a write has an outcome. */
  #located(error: HoldfastError, path: string | undefined, outcome: Outcome | undefined): HoldfastError {
    return restated(error, {
      operation: this.#name,
      path,
      outcome: this.#name === 'createRecord' ? outcome : undefined,
    });
  }
}

function named(name: HelperName, path: string | undefined): Named {
  return { name, path, changes: name === 'createRecord' };
}
