import type {
  Capabilities,
  DeleteExpectationFor,
  EntryFor,
  ExpectationFor,
  VersionAt,
} from '../capabilities/capabilities.ts';
import { backoffMs } from '../cas/backoff.ts';
import { MAX_ATTEMPTS } from '../cas/cas-options.ts';
import type { Snapshot } from '../entries/entry.ts';
import { isHoldfastError } from '../errors/holdfast-error.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { restated } from '../errors/restated.ts';
import { checkInteger, readOptions } from '../filesystem/check-options.ts';
import { unlessCutShort } from '../filesystem/cut-short.ts';
import { Patience } from '../filesystem/operation-context.ts';
import { MAX_TIMEOUT_MS, type OperationOptions } from '../filesystem/operation-options.ts';
import { passOnOptions } from '../filesystem/pass-on-options.ts';
import type {
  DeleteResult,
  EntriesOptions,
  ListOptions,
  ListPage,
  PutResult,
  RootFilesystem,
} from '../filesystem/root-filesystem.ts';
import { pause } from '../timing/pause.ts';
import { callLimits, type BoundedCall } from './call-limits.ts';
import { Layer } from './layer.ts';
import { ownDelete, ownPut } from './own-arguments.ts';

/** The options of {@link withRetry}. */
export interface RetryOptions {
  /** How often a call is made at most. Default 5. */
  readonly maxAttempts?: number | undefined;
  /** The most that the first backoff waits, in milliseconds; it doubles from attempt to attempt. Default 20. */
  readonly backoffMinMs?: number | undefined;
  /** The most that any backoff waits, in milliseconds. Default 1,000. */
  readonly backoffMaxMs?: number | undefined;
  /** The source of jitter: a number from 0 up to, not including, 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/**
 * The defaults of {@link RetryOptions}. Adapters wait for a lock themselves, for some seconds, before they answer
 * `BUSY`; four more tries with pauses of up to 20, 40, 80 and 160 ms get past one long transaction, and no more.
 */
export const RETRY_DEFAULTS = { maxAttempts: 5, backoffMinMs: 20, backoffMaxMs: 1000 } as const;

interface Retries {
  readonly maxAttempts: number;
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  readonly random: () => number;
}

/**
 * Makes a call again that ended with a definite `BUSY`: one that has changed nothing. Nothing else is repeated; not a
 * write whose outcome is unknown, and not a conflict, which is for `casUpdate`. When every attempt was `BUSY`, or the
 * next would come after the deadline, the caller gets the `BUSY`. `entries` goes on behind the last entry it gave; a
 * page that is tried again may take up to twice its `timeoutMs`.
 *
 * Copies what a `put` is given, since it may be sent again. Costs a round trip for each attempt. Closing it closes the
 * filesystem below.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function withRetry<C extends Capabilities>(
  filesystem: RootFilesystem<C>,
  options: RetryOptions = {},
): RootFilesystem<C> {
  const given = readOptions('options', options, ['maxAttempts', 'backoffMinMs', 'backoffMaxMs', 'random']);
  const { random = Math.random } = given;
  if (typeof random !== 'function') throw invalidArgument('random', 'a function', random);
  const backoff = (name: 'backoffMinMs' | 'backoffMaxMs'): number =>
    checkInteger(name, given[name], { min: 0, max: MAX_TIMEOUT_MS, fallback: RETRY_DEFAULTS[name] });
  return new RetryLayer(filesystem, {
    maxAttempts: checkInteger('maxAttempts', given.maxAttempts, {
      min: 1,
      max: MAX_ATTEMPTS,
      fallback: RETRY_DEFAULTS.maxAttempts,
    }),
    backoffMinMs: backoff('backoffMinMs'),
    backoffMaxMs: backoff('backoffMaxMs'),
    random: random as () => number,
  });
}

class RetryLayer<C extends Capabilities> extends Layer<C> {
  readonly #retries: Retries;

  constructor(filesystem: RootFilesystem<C>, retries: Retries) {
    super(filesystem);
    this.#retries = retries;
  }

  protected override _get(path: string, options?: OperationOptions): Promise<Snapshot<VersionAt<C>> | undefined> {
    return this.#retried(callLimits('get', path, options), (passedOn) => super._get(path, passedOn));
  }

  protected override _put(
    path: string,
    entry: EntryFor<C>,
    expectation: ExpectationFor<C>,
    options?: OperationOptions,
  ): Promise<PutResult<VersionAt<C>>> {
    const own = ownPut(entry, expectation);
    return this.#retried(callLimits('put', path, options), (passedOn) =>
      super._put(path, own.entry as EntryFor<C>, own.expectation as ExpectationFor<C>, passedOn),
    );
  }

  protected override _delete(
    path: string,
    expectation: DeleteExpectationFor<C>,
    options?: OperationOptions,
  ): Promise<DeleteResult> {
    const own = ownDelete(expectation);
    return this.#retried(callLimits('delete', path, options), (passedOn) =>
      super._delete(path, own.expectation as DeleteExpectationFor<C>, passedOn),
    );
  }

  protected override _list(directory: string, options?: ListOptions): Promise<ListPage> {
    return this.#retried(callLimits('list', directory, options), (passedOn) => super._list(directory, passedOn));
  }

  protected override async *_entries(
    prefix: string,
    options?: EntriesOptions,
  ): AsyncGenerator<Snapshot<VersionAt<C>>, void, undefined> {
    // The options as they are now, for as long as the iteration goes on.
    const call = callLimits('entries', prefix, options);
    let last: { readonly after?: string } = {};
    let inner: AsyncIterableIterator<Snapshot<VersionAt<C>>> | undefined;
    const next = (): Promise<IteratorResult<Snapshot<VersionAt<C>>>> => {
      inner ??= super._entries(prefix, passOnOptions(call.options, last));
      return inner.next().catch((error: unknown) => {
        // What has failed has ended.
        inner = undefined;
        throw error;
      });
    };
    try {
      for (;;) {
        const result = await this.#retried(call, next);
        if (result.done === true) return;
        last = { after: result.value.path };
        yield result.value;
      }
    } finally {
      await inner?.return?.();
    }
  }

  async #retried<T, O extends OperationOptions>(
    { operation, path, options, limits }: BoundedCall<O>,
    run: (options: O | undefined) => Promise<T>,
  ): Promise<T> {
    const { maxAttempts } = this.#retries;
    using patience = new Patience(operation, path, limits);
    let passedOn = options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run(passedOn);
      } catch (error) {
        const busy = isHoldfastError(error, 'BUSY') && error.outcome !== 'unknown';
        if (!busy) throw error;
        if (attempt >= maxAttempts) throw unlessCutShort(error, patience);
        const waitMs = backoffMs(attempt, this.#retries);
        if (waitMs >= patience.remainingMs()) throw unlessCutShort(error, patience);
        await pause(waitMs, patience.bounded ? patience.signal : undefined);
        const tooLate = patience.exhausted();
        if (tooLate !== undefined) throw restated(tooLate, { operation, path, outcome: tooLate.outcome });
        if (limits.timeoutMs !== undefined) {
          passedOn = passOnOptions(passedOn, { timeoutMs: patience.remainingMs() } as Partial<O>);
        }
      }
    }
  }
}
