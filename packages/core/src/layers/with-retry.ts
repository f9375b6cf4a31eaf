import type { Capabilities } from '../capabilities/capabilities.ts';
import { backoffMs } from '../updates/backoff.ts';
import { MAX_ATTEMPTS } from '../cas/cas-options.ts';
import { isHoldfastError, type HoldfastError } from '../errors/holdfast-error.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { restated } from '../errors/restated.ts';
import { checkInteger, readOptions } from '../filesystem/check-options.ts';
import { unlessCutShort } from '../filesystem/cut-short.ts';
import { MAX_TIMEOUT_MS } from '../filesystem/operation-options.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { Operation } from '../operations/operation.ts';
import { pause } from '../timing/pause.ts';
import { Layer, type Next } from './layer.ts';

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
 * write whose outcome is unknown, and not a conflict, which is for `casUpdate` and `transact`. When every attempt was `BUSY`, or the
 * next would come after the deadline, the caller gets the `BUSY`. Of `entries`, each page is such a call.
 *
 * Costs a round trip for each attempt. Closing it closes the filesystem below.
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

  /** @internal */
  protected override _onlyLooks(): boolean {
    return true;
  }

  protected override async _call<R>(operation: Operation<R>, next: Next): Promise<R> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await next(operation);
      } catch (error) {
        const busy = isHoldfastError(error, 'BUSY') && error.outcome !== 'unknown';
        if (!busy) throw error;
        if (attempt >= this.#retries.maxAttempts) throw unlessCutShort(error, operation);
        const waitMs = backoffMs(attempt, this.#retries);
        if (waitMs >= operation.remainingMs()) throw unlessCutShort(error, operation);
        await pause(waitMs, operation.isBounded ? operation.signal : undefined);
        const tooLate = operation.exhausted();
        // With a stack that leads to the caller.
        if (tooLate !== undefined) throw anew(tooLate);
      }
    }
  }
}

function anew(error: HoldfastError): HoldfastError {
  const { operation, path, outcome } = error;
  return restated(error, { operation, path, outcome });
}
