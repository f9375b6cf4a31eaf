import { isError } from '../realms/is-error.ts';
import { ERROR_CODES, type ErrorCode, type ErrorCodeInfo, type Outcome } from './error-codes.ts';

/** What an operation was when it failed. */
export type OperationName =
  | 'get'
  | 'put'
  | 'delete'
  | 'list'
  | 'entries'
  | 'capabilitiesAt'
  | 'casUpdate'
  | 'open'
  | 'close';

/** The operations that change something, whose errors carry an outcome. */
const MUTATIONS: ReadonlySet<OperationName> = new Set(['put', 'delete', 'casUpdate']);

// For a code of another release of this package, whose errors pass through here too.
const UNKNOWN_CODE = { retryable: false, outcome: 'unknown' } as const satisfies Partial<ErrorCodeInfo>;

/** The parts of a {@link HoldfastError} beside its code and message; all optional. */
export interface HoldfastErrorDetails {
  readonly operation?: OperationName | undefined;
  /** The virtual path. Never a path of the host. */
  readonly path?: string | undefined;
  /** For a mutation; defaults to what the code's table row says. */
  readonly outcome?: Outcome | undefined;
  /** The capability whose absence caused a refusal. */
  readonly capability?: string | undefined;
  /** The driver's error. Never printed by `toJSON` or `inspect`, since it may name hosts or secrets. */
  readonly cause?: unknown;
}

const BRAND: unique symbol = Symbol.for('holdfast.error');
const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/**
 * The one error class of Holdfast. Branch on `code`, which is stable; messages may change.
 *
 * Neither the message nor `toJSON` or `inspect` output carries a host path, connection string, credential
 * or body. The driver's own error is reachable as `cause` for debugging and is never printed with its text.
 */
export class HoldfastError extends Error {
  override readonly name: string = 'HoldfastError';
  /** Stable; see {@link ERROR_CODES}. */
  readonly code: ErrorCode;
  /** The operation that failed, where one did. */
  readonly operation: OperationName | undefined;
  /** The virtual path, where the operation had one. */
  readonly path: string | undefined;
  /** For a failed mutation: `'not-applied'` is a promise; `'unknown'` is none. `undefined` for reads. */
  readonly outcome: Outcome | undefined;
  /** Whether repeating the same call unchanged is safe and may succeed. */
  readonly retryable: boolean;
  /** The missing capability of a refusal. */
  readonly capability: string | undefined;

  constructor(code: ErrorCode, message: string, details: HoldfastErrorDetails = {}) {
    super(message);
    const { operation, outcome } = details;
    this.code = code;
    this.operation = operation;
    this.path = details.path;
    this.capability = details.capability;
    const mutates = operation !== undefined && MUTATIONS.has(operation);
    const info = Object.hasOwn(ERROR_CODES, code) ? ERROR_CODES[code] : UNKNOWN_CODE;
    this.outcome = outcome ?? (mutates ? info.outcome : undefined);
    this.retryable = info.retryable && this.outcome !== 'unknown';
    Object.defineProperty(this, 'name', { enumerable: false });
    Object.defineProperty(this, BRAND, { value: true });
    if ('cause' in details) {
      // A getter, since Node shows the text of a plain `cause` when it reports an uncaught exception, and
      // `structuredClone` copies it.
      const { cause } = details;
      Object.defineProperty(this, 'cause', { get: () => cause, configurable: true });
    }
  }

  /** The fields that are safe to log. `cause` is left out: drivers put hosts and secrets into theirs. */
  toJSON(): Record<string, string | boolean | undefined> {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      operation: this.operation,
      path: this.path,
      outcome: this.outcome,
      retryable: this.retryable,
      capability: this.capability,
    };
  }

  static {
    // What Node's `util.inspect` shows, and so `console.log`. Not a method, since its name is not a literal.
    Object.defineProperty(this.prototype, INSPECT, {
      value(this: HoldfastError): string {
        return inspectError(this);
      },
    });
  }
}

/**
 * Whether `error` is a {@link HoldfastError}, and of this code where one is given. Unlike `instanceof` it also
 * holds for an error of another copy of this package. Never throws: what throws when it is looked at is none.
 */
export function isHoldfastError(error: unknown, code?: ErrorCode): error is HoldfastError {
  try {
    if (typeof error !== 'object' || error === null || !(BRAND in error)) return false;
    return code === undefined || (error as unknown as HoldfastError).code === code;
  } catch {
    // A revoked proxy. Whoever asks is about to report it, and must not lose it to another error.
    return false;
  }
}

/** The stack and the fields, and of the cause only its class and code. */
function inspectError(error: HoldfastError): string {
  const { name: _name, message: _message, ...fields } = error.toJSON();
  const shown = Object.entries(fields).filter(([, value]) => value !== undefined);
  const cause = error.cause === undefined ? [] : [['cause', describeCause(error.cause)]];
  return `${error.stack ?? error.message} ${JSON.stringify(Object.fromEntries([...shown, ...cause]))}`;
}

function describeCause(cause: unknown): string {
  try {
    if (isHoldfastError(cause)) return `HoldfastError ${cause.code}`;
    if (!isError(cause)) return typeof cause;
    const { name, code } = cause as { name: unknown; code?: unknown };
    const named = typeof name === 'string' && /^[\w$]{1,64}$/.test(name) ? name : 'Error';
    return typeof code === 'string' && /^\w{1,64}$/.test(code) ? `${named} ${code}` : named;
  } catch {
    // Its getters throw. Whoever prints an error must not get another one for it.
    return typeof cause;
  }
}
