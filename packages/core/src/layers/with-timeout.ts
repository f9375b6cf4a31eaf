import type {
  Capabilities,
  DeleteExpectationFor,
  EntryFor,
  ExpectationFor,
  VersionAt,
} from '../capabilities/capabilities.ts';
import type { Snapshot } from '../entries/entry.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { parseTimeout, type OperationOptions } from '../filesystem/operation-options.ts';
import { passOnOptions } from '../filesystem/pass-on-options.ts';
import type {
  DeleteResult,
  EntriesOptions,
  ListOptions,
  ListPage,
  PutResult,
  RootFilesystem,
} from '../filesystem/root-filesystem.ts';
import { callLimits, type BoundedOperation } from './call-limits.ts';
import { Layer } from './layer.ts';
import { readLayerOptions } from './layer-options.ts';

/** The options of {@link withTimeout}. */
export interface TimeoutOptions {
  /** The longest that one call, or one page of `entries`, may take, in milliseconds: 0 to 2,147,483,647. */
  readonly timeoutMs: number;
}

/**
 * Gives every call a deadline. One with a shorter `timeoutMs` of its own keeps that; none has a longer one. It is the
 * filesystem below that keeps to it, as every adapter does that passes the contract suite.
 *
 * A call that takes longer is rejected with `TIMEOUT`, whose `outcome` tells whether a write may have landed, up to a
 * quarter of a second late for a write that is in flight. Costs no round trip. Closing it closes the filesystem below.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function withTimeout<C extends Capabilities>(
  filesystem: RootFilesystem<C>,
  options: TimeoutOptions,
): RootFilesystem<C> {
  const timeoutMs = parseTimeout(readLayerOptions(options, ['timeoutMs']).timeoutMs);
  if (timeoutMs === undefined) throw invalidArgument('timeoutMs', 'a number', timeoutMs);
  return new TimeoutLayer(filesystem, timeoutMs);
}

class TimeoutLayer<C extends Capabilities> extends Layer<C> {
  readonly #timeoutMs: number;

  constructor(filesystem: RootFilesystem<C>, timeoutMs: number) {
    super(filesystem);
    this.#timeoutMs = timeoutMs;
  }

  protected override _get(path: string, options?: OperationOptions): Promise<Snapshot<VersionAt<C>> | undefined> {
    return super._get(path, this.#bound('get', path, options));
  }

  protected override _put(
    path: string,
    entry: EntryFor<C>,
    expectation: ExpectationFor<C>,
    options?: OperationOptions,
  ): Promise<PutResult<VersionAt<C>>> {
    return super._put(path, entry, expectation, this.#bound('put', path, options));
  }

  protected override _delete(
    path: string,
    expectation: DeleteExpectationFor<C>,
    options?: OperationOptions,
  ): Promise<DeleteResult> {
    return super._delete(path, expectation, this.#bound('delete', path, options));
  }

  protected override _list(directory: string, options?: ListOptions): Promise<ListPage> {
    return super._list(directory, this.#bound('list', directory, options));
  }

  protected override _entries(prefix: string, options?: EntriesOptions): AsyncIterableIterator<Snapshot<VersionAt<C>>> {
    return super._entries(prefix, this.#bound('entries', prefix, options));
  }

  #bound<O extends OperationOptions>(operation: BoundedOperation, path: string, options: O | undefined): O | undefined {
    const call = callLimits(operation, path, options);
    if (!call.isWellFormed) return call.options;
    const { timeoutMs = this.#timeoutMs } = call.limits;
    return passOnOptions(call.options, { timeoutMs: Math.min(timeoutMs, this.#timeoutMs) } as Partial<O>);
  }
}
