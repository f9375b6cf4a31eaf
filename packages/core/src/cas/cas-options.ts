import { invalidArgument } from '../errors/invalid-argument.ts';
import { checkInteger, checkOptions } from '../filesystem/check-options.ts';
import { MAX_TIMEOUT_MS, parseSignal, parseTimeout } from '../filesystem/operation-options.ts';
import { parseHint, type CasHint } from './cas-hint.ts';

/** The limits of one `casUpdate` or `transact`. Every one has a default. */
export interface CasOptions {
  /** Ends the call with `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
  /** One deadline for everything: reads, the function, writes and backoff. Milliseconds; default 15,000. */
  readonly timeoutMs?: number | undefined;
  /** How often is read and written at most. Default 256. */
  readonly maxAttempts?: number | undefined;
  /** The most that the first backoff waits, in milliseconds; it doubles from attempt to attempt. Default 2. */
  readonly backoffMinMs?: number | undefined;
  /** The most that any backoff waits, in milliseconds. Default 50. */
  readonly backoffMaxMs?: number | undefined;
  /** The source of jitter: a number from 0 up to, not including, 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** The options of one `casUpdate`, beside its limits. */
export interface CasUpdateOptions<T> extends CasOptions {
  /**
   * The record as it was, to begin with in place of a read: one round trip less where it still is. What would be reported
   * without a write, an outcome or an error, is decided again on what is read then.
   */
  readonly hint?: CasHint<T> | undefined;
  /**
   * Whether it may be written together with other updates of the path that are made at the same time through the same
   * filesystem object. By default it may.
   */
  readonly combine?: boolean | undefined;
}

/** {@link CasOptions} with every default filled in. */
export interface CasLimits {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  readonly random: () => number;
}

/** {@link CasUpdateOptions} with every default filled in. */
export interface CasUpdateLimits<T> extends CasLimits {
  readonly hint: CasHint<T> | undefined;
  readonly combine: boolean;
}

/**
 * The defaults of {@link CasOptions}. 15 s is half of a common lease; 2 ms is about one commit of a local database,
 * 50 ms a few round trips to a remote one. 256 attempts wait for 6.4 s on average, so that the deadline, and not bad
 * luck, ends an update of a hot record: with 64 writers and round trips of 0.5 to 5 ms the unluckiest of some
 * thousand updates took 44 to 56 attempts.
 */
export const CAS_DEFAULTS = {
  timeoutMs: 15_000,
  maxAttempts: 256,
  backoffMinMs: 2,
  backoffMaxMs: 50,
} as const;

/**
 * The most that `maxAttempts` can be, also that of `withRetry`. Higher than anything of use: it finds mistakes, such
 * as a time in place of a number.
 */
export const MAX_ATTEMPTS = 1_000_000;

const LIMITS = ['signal', 'timeoutMs', 'maxAttempts', 'backoffMinMs', 'backoffMaxMs', 'random'] as const;
const KEYS = [...LIMITS, 'hint', 'combine'] as const;

/**
 * Checks the options of `transact` and fills in the defaults.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseCasOptions(value: unknown): CasLimits {
  return parseLimits(checkOptions(value, LIMITS));
}

/**
 * Checks the options of `casUpdate` and fills in the defaults.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseCasUpdateOptions<T>(value: unknown): CasUpdateLimits<T> {
  if (value === undefined) {
    // All that most calls need of this.
    return { signal: undefined, ...CAS_DEFAULTS, random: Math.random, hint: undefined, combine: true };
  }
  const given = checkOptions(value, KEYS);
  const { combine = true } = given;
  if (typeof combine !== 'boolean') throw invalidArgument('combine', 'a boolean', combine);
  return { ...parseLimits(given), hint: parseHint(given.hint), combine };
}

function parseLimits(given: { readonly [Key in (typeof LIMITS)[number]]?: unknown }): CasLimits {
  const { random = Math.random } = given;
  if (typeof random !== 'function') throw invalidArgument('random', 'a function', random);
  return {
    signal: parseSignal(given.signal),
    timeoutMs: parseTimeout(given.timeoutMs) ?? CAS_DEFAULTS.timeoutMs,
    maxAttempts: checkInteger('maxAttempts', given.maxAttempts, {
      min: 1,
      max: MAX_ATTEMPTS,
      fallback: CAS_DEFAULTS.maxAttempts,
    }),
    backoffMinMs: checkBackoff('backoffMinMs', given.backoffMinMs),
    backoffMaxMs: checkBackoff('backoffMaxMs', given.backoffMaxMs),
    random: random as () => number,
  };
}

function checkBackoff(name: 'backoffMinMs' | 'backoffMaxMs', value: unknown): number {
  return checkInteger(name, value, { min: 0, max: MAX_TIMEOUT_MS, fallback: CAS_DEFAULTS[name] });
}
