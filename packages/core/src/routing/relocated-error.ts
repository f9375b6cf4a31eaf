import { ERROR_CODES } from '../errors/error-codes.ts';
import { HoldfastError, isHoldfastError, type OperationName } from '../errors/holdfast-error.ts';
import type { OperationOptions } from '../filesystem/operation-options.ts';

/** How an error of another filesystem becomes one of this. */
export interface Relocation {
  readonly operation: OperationName;
  /** The path as the caller of this filesystem knows it. */
  readonly path: string;
  /** Whether the caller may see what the driver said, which may name the path there. */
  readonly showCause: boolean;
  /** The options of the call. The reason of its signal is the caller's own, and visible in any case. */
  readonly options?: OperationOptions | undefined;
}

/**
 * The error of a call that went to another path: the same, but for the path. What is no {@link HoldfastError} becomes
 * `BACKEND_FAILED`.
 *
 * Where the caller may not see what the driver said, `cause` is left out but for the codes of our own errors, and a
 * message that names a path is replaced by what the code means.
 */
export function relocatedError(thrown: unknown, relocation: Relocation): HoldfastError {
  const { operation, path, showCause } = relocation;
  if (!isHoldfastError(thrown)) {
    const cause = showCause ? { cause: thrown } : {};
    return new HoldfastError('BACKEND_FAILED', 'the backend failed', { operation, path, ...cause });
  }
  if (showCause && thrown.path === path && thrown.operation === operation) return thrown;
  const { code, capability } = thrown;
  // Those of reads have no outcome.
  const outcome = operation === 'put' || operation === 'delete' ? thrown.outcome : undefined;
  const message = showCause ? thrown.message : harmlessMessage(thrown);
  const cause = showCause ? thrown.cause : harmlessCause(thrown, relocation);
  const shown = cause === undefined ? {} : { cause };
  const relocated = new HoldfastError(code, message, { operation, path, outcome, capability, ...shown });
  // The stack begins with the message.
  if (thrown.stack !== undefined && message === thrown.message) relocated.stack = thrown.stack;
  return relocated;
}

// A slash where a word could begin.
const NAMES_A_PATH = /(?<!\w)\//;

function harmlessMessage({ code, message }: HoldfastError): string {
  if (!NAMES_A_PATH.test(message)) return message;
  return Object.hasOwn(ERROR_CODES, code) ? ERROR_CODES[code].raised : 'the backend failed';
}

function harmlessCause({ cause }: HoldfastError, { path, options }: Relocation): unknown {
  if (cause !== undefined && cause === reasonOf(options)) return cause;
  if (!isHoldfastError(cause)) return undefined;
  const { code, operation, outcome, capability } = cause;
  return new HoldfastError(code, harmlessMessage(cause), { operation, path, outcome, capability });
}

function reasonOf(options: OperationOptions | undefined): unknown {
  try {
    return options?.signal?.reason;
  } catch {
    return undefined;
  }
}
