import { invalidArgument } from '../errors/invalid-argument.ts';
import { checkOptions } from './check-options.ts';

declare global {
  // Users need the types of neither Node nor a browser. Where one is there, this adds nothing to its own.
  // oxlint-disable-next-line typescript/no-empty-object-type
  interface AbortSignal {}
}

/** What every operation takes. */
export interface OperationOptions {
  /** Ends the call with `ABORTED`. A write already sent may still land; the error's `outcome` says so. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the call with `TIMEOUT` after this many milliseconds. Without it the call has no deadline. */
  readonly timeoutMs?: number | undefined;
}

/** The keys of {@link OperationOptions}. */
export const OPERATION_KEYS = ['signal', 'timeoutMs'] as const;

/** The longest timeout, in milliseconds: what a JavaScript timer can count. */
export const MAX_TIMEOUT_MS: number = 2 ** 31 - 1;

/** What bounds a call. */
export interface OperationLimits {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
}

/** Those of a call without any. */
export const NO_LIMITS: OperationLimits = Object.freeze({ signal: undefined, timeoutMs: undefined });

/**
 * Checks the options of an operation.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseOperationOptions(value: unknown): OperationLimits {
  if (value === undefined) return NO_LIMITS;
  return parseLimits(checkOptions(value, OPERATION_KEYS));
}

/**
 * The same for what {@link checkOptions} has checked.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseLimits({ signal, timeoutMs }: Partial<Record<keyof OperationLimits, unknown>>): OperationLimits {
  return { signal: parseSignal(signal), timeoutMs: parseTimeout(timeoutMs) };
}

/**
 * Checks a timeout in milliseconds.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseTimeout(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= 0 && value <= MAX_TIMEOUT_MS) return value;
  throw invalidArgument('timeoutMs', `a number from 0 to ${MAX_TIMEOUT_MS}`, value);
}

/**
 * Checks an abort signal.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseSignal(value: unknown): AbortSignal | undefined {
  // Not `instanceof`: signals cross realms.
  const signal = value as AbortSignal | undefined;
  if (signal === undefined) return undefined;
  if (
    typeof signal?.aborted === 'boolean' &&
    typeof signal.addEventListener === 'function' &&
    typeof signal.removeEventListener === 'function'
  ) {
    return signal;
  }
  throw invalidArgument('signal', 'an AbortSignal', value);
}
