import type { Capabilities } from '../capabilities/capabilities.ts';
import { isErrorOfCodec } from '../codecs/codec-error.ts';
import { OwnCodec } from '../codecs/own-codec.ts';
import type { RecordCodec } from '../codecs/record-codec.ts';
import type { Entry, EntryInput, Snapshot } from '../entries/entry.ts';
import type { ErrorCode, Outcome } from '../errors/error-codes.ts';
import { HoldfastError, isHoldfastError } from '../errors/holdfast-error.ts';
import { restated } from '../errors/restated.ts';
import { argumentError } from '../filesystem/adapter-error.ts';
import { unlessCutShort } from '../filesystem/cut-short.ts';
import type { Patience } from '../filesystem/operation-context.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { begin } from '../operations/begin.ts';
import { getWithin } from '../operations/get/get.ts';
import type { Operation } from '../operations/operation.ts';
import { untilOver } from '../operations/until-over.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import type { Version } from '../versions/version.ts';
import { Conflict } from './conflict.ts';
import type { Update } from './update-observer.ts';

/** What an update is, and what it fails with where the backend does not keep what it claims. */
export interface UpdateKind {
  readonly name: Update['name'];
  readonly unsupported: Extract<ErrorCode, 'CAS_UNSUPPORTED' | 'UNSUPPORTED'>;
}

/**
 * What an update has others do: the filesystem, and what is the caller's, codecs and functions. All of it ends with the
 * update's deadline, and what fails is an error of the update.
 */
export class UpdateCalls {
  readonly patience: Patience;
  readonly #filesystem: RootFilesystem;
  readonly #kind: UpdateKind;

  constructor(filesystem: RootFilesystem, kind: UpdateKind, patience: Patience) {
    this.#filesystem = filesystem;
    this.#kind = kind;
    this.patience = patience;
  }

  /**
   * Has the filesystem do a part of the update, and sorts its errors: conflicts to retry, refusals to name, the rest.
   *
   * @param outcome what a failure here means for the whole update; by default what it means for the part
   */
  async ask<R>(operation: Operation<R>, outcome?: Outcome): Promise<R> {
    try {
      return await begin(this.#filesystem, operation);
    } catch (thrown) {
      throw this.#failure(thrown, operation.path, outcome);
    }
  }

  /** Waits for a write that carries this update and others, as long as for one of its own. */
  async untilWritten<V>(work: Promise<V>, own: Operation): Promise<V> {
    try {
      return await untilOver(work, own as Operation<V>);
    } catch (thrown) {
      throw this.#failure(thrown, own.path);
    }
  }

  /** What such a write failed with, as an error of this update. */
  failureOfOthers(thrown: unknown, path: VirtualPath): unknown {
    if (!isHoldfastError(thrown)) return this.#failure(thrown, path);
    const { operation, outcome } = thrown;
    const over = this.patience.exhausted();
    // Not for the reason of somebody else.
    const error = over?.code === thrown.code ? over : thrown;
    return this.#failure(restated(error, { operation, path: thrown.path, outcome }), path);
  }

  /** The entry at a path. `outcome` is what a failure here means for the whole update. */
  read(path: VirtualPath, outcome: Outcome): Promise<Snapshot | undefined> {
    return this.ask(getWithin(this.patience, path), outcome);
  }

  /** The value of an entry. A codec that may hand out a part of what it is given, for callers to write into, gets a copy. */
  async decode<T>(codec: RecordCodec<T>, stored: Snapshot, outcome: Outcome): Promise<T> {
    const { path } = stored;
    const given = OwnCodec.onlyLooks(codec) ? stored : copyOf(stored);
    try {
      return await this.bounded(() => codec.decode(given), path, outcome);
    } catch (error) {
      throw this.#ofRecord(error, path, outcome);
    }
  }

  /** The entry of a value, of which nobody else has a part. */
  async encode<T>(codec: RecordCodec<T>, value: T, path: VirtualPath): Promise<Entry> {
    let input: EntryInput;
    try {
      input = await this.bounded(() => codec.encode(value), path);
    } catch (error) {
      throw this.#ofRecord(error, path, 'not-applied');
    }
    try {
      return OwnCodec.parse(codec, input);
    } catch (error) {
      throw this.located(argumentError(error, { name: this.#kind.name, path, changes: true }), path);
    }
  }

  /** Runs what is the caller's until the deadline; if that hangs, it is left behind. */
  bounded<V>(
    start: () => V | Promise<V>,
    path: VirtualPath | undefined,
    outcome: Outcome = 'not-applied',
  ): V | Promise<V> {
    const tooLate = this.patience.exhausted();
    if (tooLate !== undefined) throw this.located(tooLate, path, outcome);
    const work = start();
    return isThenable(work) ? this.#untilTooLate(work, path, outcome) : work;
  }

  /** The version of what a backend that claims them has answered. */
  versionOf(
    answer: Pick<Snapshot, 'version'> | undefined,
    path: VirtualPath,
    outcome: Outcome = 'not-applied',
  ): Version {
    if (answer?.version !== undefined) return answer.version;
    const message = 'the backend claims versions but answered without one';
    throw this.#unsupported(message, path, { outcome, capability: 'cas' satisfies keyof Capabilities });
  }

  /** The same error as one of this update. */
  located(error: HoldfastError, path: string | undefined, outcome?: Outcome): HoldfastError {
    return restated(error, { operation: this.#kind.name, path, outcome });
  }

  async #untilTooLate<V>(work: PromiseLike<V>, path: VirtualPath | undefined, outcome: Outcome): Promise<V> {
    try {
      return await this.patience.race(Promise.resolve(work));
    } catch (error) {
      const tooLate = this.patience.exhausted();
      throw tooLate !== undefined && error === tooLate ? this.located(tooLate, path, outcome) : error;
    }
  }

  /** A codec knows nothing of operations and paths. What else it throws is the caller's own. */
  #ofRecord(error: unknown, path: VirtualPath, outcome: Outcome): unknown {
    return isErrorOfCodec(error) ? this.located(error, path, outcome) : error;
  }

  #failure(thrown: unknown, target: string | undefined, outcome?: Outcome): unknown {
    // Also of a filesystem that is no adapter's, whose clock may be ahead of ours by nothing.
    const error = unlessCutShort(thrown, this.patience);
    if (!isHoldfastError(error)) return error;
    const conflict = error.code === 'BUSY' || error.code === 'VERSION_MISMATCH';
    if (conflict && error.outcome !== 'unknown') return new Conflict(error);
    const path = error.path ?? target;
    if (error.code === 'UNSUPPORTED' && this.#kind.unsupported !== error.code) {
      const { capability } = error;
      return this.#unsupported('the backend refused what its capabilities claim', path, {
        outcome,
        capability,
        cause: error,
      });
    }
    return this.located(error, path, outcome ?? error.outcome);
  }

  #unsupported(
    message: string,
    path: string | undefined,
    details: {
      readonly outcome?: Outcome | undefined;
      readonly capability: string | undefined;
      readonly cause?: unknown;
    },
  ): HoldfastError {
    const { name: operation, unsupported } = this.#kind;
    return new HoldfastError(unsupported, message, { operation, path, ...details });
  }
}

function copyOf({ path, body, contentType, kind, indexed, version }: Snapshot): Snapshot {
  return { path, body: new Uint8Array(body), contentType, kind, indexed: indexed && { ...indexed }, version };
}

function isThenable<V>(value: V | PromiseLike<V>): value is PromiseLike<V> {
  return typeof (value as PromiseLike<V> | null | undefined)?.then === 'function';
}
