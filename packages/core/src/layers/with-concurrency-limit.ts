import type {
  Capabilities,
  DeleteExpectationFor,
  EntryFor,
  ExpectationFor,
  VersionAt,
} from '../capabilities/capabilities.ts';
import type { Snapshot } from '../entries/entry.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { checkInteger, readOptions } from '../filesystem/check-options.ts';
import { Patience } from '../filesystem/operation-context.ts';
import type { OperationOptions } from '../filesystem/operation-options.ts';
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
import { HeldPermit } from './concurrency/held-permit.ts';
import { PagePermits } from './concurrency/page-permits.ts';
import { Permits, type LaneLimits } from './concurrency/permits.ts';
import { Layer } from './layer.ts';
import { ownDelete, ownPut } from './own-arguments.ts';

/**
 * What {@link withConcurrencyLimit} allows when nothing else is said. Reads: more than the connections of a common pool
 * (10 to 50), so that the pool stays busy. Writes: fewer, since most databases make them one after the other in any
 * case. A thousand that wait take some seconds to work off, about as long as a caller still wants the answer.
 */
export const CONCURRENCY_DEFAULTS: { readonly reads: LaneLimits; readonly writes: LaneLimits } = {
  reads: { limit: 64, queue: 1000 },
  writes: { limit: 16, queue: 1000 },
};

/** The most that a limit or a queue can be. */
export const MAX_CONCURRENCY = 1_000_000;

/** The options of {@link withConcurrencyLimit}; what is left out is as in {@link CONCURRENCY_DEFAULTS}. */
export interface ConcurrencyOptions {
  /** For `get`, `list` and each page of `entries`. */
  readonly reads?: Partial<LaneLimits> | undefined;
  /** For `put` and `delete`. */
  readonly writes?: Partial<LaneLimits> | undefined;
  /** What messages about a bound that is nearly reached say it belongs to, where there are several of these layers. */
  readonly name?: string | undefined;
}

/** How much of a lane is in use. */
export interface LaneUsage {
  /** Calls that the backend works on, also those whose callers have given up. */
  readonly running: number;
  /** Calls that wait for that. */
  readonly waiting: number;
}

/** A filesystem with bounds on what runs at once. */
export interface LimitedFilesystem<C extends Capabilities = Capabilities> extends RootFilesystem<C> {
  /** How much is in use at this moment. Costs nothing. */
  usage(): { readonly reads: LaneUsage; readonly writes: LaneUsage };
}

/**
 * Bounds how many calls the backend works on at once, and how many wait for that. Reads and writes have bounds of their
 * own, so a burst of one never keeps the other waiting. A call that finds its queue full is refused at once with
 * `OVERLOADED`; those who wait are served in order, and leave when they give up (`ABORTED`, `TIMEOUT`, nothing
 * applied). The time that a call waits counts towards its `timeoutMs`.
 *
 * A call counts until the adapter is done with it, whether its caller still waits or not: what was aborted makes room
 * when its work has really ended, and a write as soon as it is durable. With a filesystem below that is neither an
 * adapter of Holdfast nor a layer on one, it counts until that filesystem answers, and so does each step of its
 * `entries`, which waits on top of its own `timeoutMs`. A read that finds out what became of a lost write counts as a
 * read, and goes before those who wait. What is malformed does not wait: the filesystem below refuses it.
 *
 * Costs no round trip, and a copy of the body of each `put` that waits: `writes.queue` bounds how many of those there
 * are, not how large, so where bodies are large choose it accordingly. Closing it closes the filesystem below; whoever
 * still waits when that has waited long enough is refused with `CLOSED`. When 80 % of a bound are in use, that is published once
 * on the diagnostics channel `holdfast:saturation`.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function withConcurrencyLimit<C extends Capabilities>(
  filesystem: RootFilesystem<C>,
  options: ConcurrencyOptions = {},
): LimitedFilesystem<C> {
  const { reads, writes, name } = readOptions('options', options, ['reads', 'writes', 'name']);
  if (name !== undefined && typeof name !== 'string') throw invalidArgument('name', 'a string', name);
  return new ConcurrencyLayer(filesystem, {
    reads: new Permits('withConcurrencyLimit reads', parseLane('reads', reads), name),
    writes: new Permits('withConcurrencyLimit writes', parseLane('writes', writes), name),
  });
}

function parseLane(lane: 'reads' | 'writes', value: unknown): LaneLimits {
  const { limit, queue } = readOptions(lane, value, ['limit', 'queue']);
  const fallback = CONCURRENCY_DEFAULTS[lane];
  const max = MAX_CONCURRENCY;
  return {
    limit: checkInteger(`${lane}.limit`, limit, { min: 1, max, fallback: fallback.limit }),
    queue: checkInteger(`${lane}.queue`, queue, { min: 0, max, fallback: fallback.queue }),
  };
}

interface Lanes {
  readonly reads: Permits;
  readonly writes: Permits;
}

class ConcurrencyLayer<C extends Capabilities> extends Layer<C> implements LimitedFilesystem<C> {
  readonly #lanes: Lanes;

  constructor(filesystem: RootFilesystem<C>, lanes: Lanes) {
    super(filesystem);
    this.#lanes = lanes;
  }

  /** Those who still wait when the grace for what is under way is over are told, since nobody would serve them. */
  protected override _close(): Promise<void> {
    this.#lanes.reads.close();
    this.#lanes.writes.close();
    return super._close();
  }

  usage(): { readonly reads: LaneUsage; readonly writes: LaneUsage } {
    return { reads: usageOf(this.#lanes.reads), writes: usageOf(this.#lanes.writes) };
  }

  protected override _get(path: string, options?: OperationOptions): Promise<Snapshot<VersionAt<C>> | undefined> {
    return this.#limited({ operation: 'get', path, options }, (passedOn) => super._get(path, passedOn));
  }

  protected override _put(
    path: string,
    entry: EntryFor<C>,
    expectation: ExpectationFor<C>,
    options?: OperationOptions,
  ): Promise<PutResult<VersionAt<C>>> {
    let given = { entry, expectation };
    const keep = (): boolean => {
      const own = ownPut(entry, expectation);
      given = own;
      return own.isWellFormed;
    };
    return this.#limited({ operation: 'put', path, options, keep }, (passedOn) =>
      super._put(path, given.entry, given.expectation, passedOn),
    );
  }

  protected override _delete(
    path: string,
    expectation: DeleteExpectationFor<C>,
    options?: OperationOptions,
  ): Promise<DeleteResult> {
    let given = expectation;
    const keep = (): boolean => {
      const own = ownDelete(expectation);
      given = own.expectation;
      return own.isWellFormed;
    };
    return this.#limited({ operation: 'delete', path, options, keep }, (passedOn) =>
      super._delete(path, given, passedOn),
    );
  }

  protected override _list(directory: string, options?: ListOptions): Promise<ListPage> {
    return this.#limited({ operation: 'list', path: directory, options }, (passedOn) =>
      super._list(directory, passedOn),
    );
  }

  protected override _entries(prefix: string, options?: EntriesOptions): AsyncIterableIterator<Snapshot<VersionAt<C>>> {
    const call = callLimits('entries', prefix, options);
    if (!call.isWellFormed) return super._entries(prefix, call.options);
    const pages = new PagePermits(this.#lanes.reads, call, call.limits.observer);
    return super._entries(prefix, passOnOptions(call.options, {}, pages));
  }

  /** Runs a call with a permit for as long as the backend works on it. */
  async #limited<T, O extends OperationOptions>(
    { operation, path, options, keep }: LimitedCall<O>,
    run: (options: O | undefined) => Promise<T>,
  ): Promise<T> {
    const call = callLimits(operation, path, options);
    if (!call.isWellFormed) return run(call.options);
    const { reads, writes } = this.#lanes;
    const lane = operation === 'put' || operation === 'delete' ? writes : reads;
    using patience = new Patience(operation, call.path, call.limits);
    const tooLate = patience.exhausted();
    if (tooLate !== undefined) throw tooLate;
    let permit = lane.tryTake(call);
    let changes: Partial<O> = {};
    if (permit === undefined) {
      if (keep?.() === false) return await run(call.options);
      permit = await lane.wait(patience.signal, { call });
      if (call.limits.timeoutMs !== undefined) changes = { timeoutMs: patience.remainingMs() } as Partial<O>;
    }
    const held = new HeldPermit(permit, reads, call.limits.observer);
    try {
      return await run(passOnOptions(call.options, changes, held));
    } finally {
      held.ended();
    }
  }
}

interface LimitedCall<O> {
  readonly operation: BoundedOperation;
  readonly path: string;
  readonly options: O | undefined;
  /** Called before the call has to wait, to copy what it was given; answers whether that is well-formed. */
  readonly keep?: () => boolean;
}

function usageOf({ running, waiting }: Permits): LaneUsage {
  return { running, waiting };
}
