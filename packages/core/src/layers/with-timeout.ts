import type { Capabilities } from '../capabilities/capabilities.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { parseTimeout } from '../filesystem/operation-options.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { Operation } from '../operations/operation.ts';
import { Layer, type Next } from './layer.ts';
import { readLayerOptions } from './layer-options.ts';

/** The options of {@link withTimeout}. */
export interface TimeoutOptions {
  /** The longest that one call, or one page of `entries`, may take, in milliseconds: 0 to 2,147,483,647. */
  readonly timeoutMs: number;
}

/**
 * Gives every call a deadline. One with a shorter `timeoutMs` of its own keeps that; none has a longer one. It is the
 * filesystem below that keeps to it, as every adapter does that passes the contract suite; one that is neither an adapter
 * of Holdfast nor a layer is left behind if it does not.
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

  /** @internal */
  protected override _onlyLooks(): boolean {
    return true;
  }

  protected override _call<R>(operation: Operation<R>, next: Next): Promise<R> {
    return operation.within(this.#timeoutMs, next);
  }
}
