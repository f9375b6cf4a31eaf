import type { Capabilities } from '../capabilities/capabilities.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { checkInteger, readOptions } from '../filesystem/check-options.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { Operation } from '../operations/operation.ts';
import { HeldPermit } from './concurrency/held-permit.ts';
import { Permits, type LaneLimits } from './concurrency/permits.ts';
import { Layer, type Next } from './layer.ts';

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
  /** For `get`, `getMany` (one for all of its paths), `list`, each page of `entries`, and a `commit` of checks alone. */
  readonly reads?: Partial<LaneLimits> | undefined;
  /** For `put`, `delete` and `commit`. */
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
 * `entries`. A read that finds out what became of a lost write counts as a
 * read, and goes before those who wait. What is malformed does not wait.
 *
 * Costs no round trip. Each `put` or `commit` that waits keeps a copy of its bodies: `writes.queue` bounds how many of
 * those there are, not how large, so where bodies are large choose it accordingly. Closing it closes the filesystem below; whoever
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

  /** @internal */
  protected override _onlyLooks(): boolean {
    return true;
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

  /** Does an operation with a permit for as long as the backend works on it. */
  protected override async _call<R>(operation: Operation<R>, next: Next): Promise<R> {
    // Nobody works on what is malformed.
    if (operation.refusal !== undefined) return await next(operation);
    const tooLate = operation.exhausted();
    if (tooLate !== undefined) throw tooLate;
    const { reads, writes } = this.#lanes;
    const lane = operation.changes ? writes : reads;
    const permit =
      lane.tryTake(operation) ??
      (await lane.wait(operation.isBounded ? operation.signal : undefined, { call: operation }));
    const held = new HeldPermit(permit, reads, operation.call.observer);
    try {
      return await next(operation.observedBy(held));
    } finally {
      held.ended();
    }
  }
}

function usageOf({ running, waiting }: Permits): LaneUsage {
  return { running, waiting };
}
