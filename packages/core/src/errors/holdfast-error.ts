import { ERROR_CODES, type ErrorCode, type ErrorCodeInfo, type Outcome } from './error-codes.ts';
import { captureTrace } from './error-stack.ts';
import { withheldCause } from './withheld-cause.ts';

/** What an operation was when it failed. */
export type OperationName =
  | 'get'
  | 'put'
  | 'delete'
  | 'list'
  | 'entries'
  | 'commit'
  | 'capabilitiesAt'
  | 'casUpdate'
  | 'transact'
  | 'readRecord'
  | 'createRecord'
  | 'records'
  | 'listAll'
  | 'getMany'
  | 'open'
  | 'close';

const MUTATIONS: ReadonlySet<OperationName> = new Set([
  'put',
  'delete',
  'commit',
  'casUpdate',
  'transact',
  'createRecord',
]);

/** Whether errors of an operation carry an outcome: it can change something. */
export function hasOutcome(operation: OperationName): boolean {
  return MUTATIONS.has(operation);
}

// For a code of another release of this package, whose errors pass through here too.
const UNKNOWN_CODE = { retryable: false, outcome: 'unknown' } as const satisfies Partial<ErrorCodeInfo>;

/** The parts of a {@link HoldfastError} beside its code and message; all optional. */
export interface HoldfastErrorDetails {
  readonly operation?: OperationName | undefined;
  /** The virtual path. Never a path of the host. */
  readonly path?: string | undefined;
  /** Of a `commit` with `VERSION_MISMATCH`: the virtual paths whose expectations do not hold. */
  readonly paths?: readonly string[] | undefined;
  /** For a mutation; defaults to what the code's table row says. */
  readonly outcome?: Outcome | undefined;
  /** The capability whose absence caused a refusal. */
  readonly capability?: string | undefined;
  /** The driver's error, as it is. Only {@link HoldfastError.rawCause} gives it again, since it may name hosts or secrets. */
  readonly cause?: unknown;
}

const BRAND: unique symbol = Symbol.for('holdfast.error');

/** A detail that this package alone gives: that the message has no words but its own. */
export const OWN_WORDS: unique symbol = Symbol.for('holdfast.own-words');

/** The details that this package itself can give. */
export interface OwnDetails extends HoldfastErrorDetails {
  readonly [OWN_WORDS]?: boolean;
}

/**
 * The one error class of Holdfast. Branch on `code`, which is stable; messages may change.
 *
 * Nothing that is printed, logged, cloned or made JSON of it carries a host path, connection string, credential or
 * body. The first line of its stack, which is what people see first, has the code, the operation and the path; `message`
 * has neither. The stack leads on to the lines that awaited the call.
 */
export class HoldfastError extends Error {
  override readonly name: string = 'HoldfastError';
  /** Stable; see {@link ERROR_CODES}. */
  readonly code: ErrorCode;
  /** The operation that failed, where one did. */
  declare readonly operation: OperationName | undefined;
  /** The virtual path, where the operation had one. */
  declare readonly path: string | undefined;
  /**
   * Of a `commit` that failed with `VERSION_MISMATCH`: all paths whose expectation did not hold, in the order of the
   * changes. `path` is the first of them. Frozen.
   */
  declare readonly paths: readonly string[] | undefined;
  /** For a failed mutation: `'not-applied'` is a promise; `'unknown'` is none. `undefined` for reads. */
  declare readonly outcome: Outcome | undefined;
  /** Whether repeating the same call unchanged is safe and may succeed. */
  readonly retryable: boolean;
  /** The missing capability of a refusal. */
  declare readonly capability: string | undefined;
  /**
   * Another `HoldfastError`, as it is, or what stands for whatever else it was: an error with the same class, code and
   * causes, and without the text. `rawCause()` gives the error itself.
   */
  declare readonly cause?: unknown;
  readonly #rawCause: unknown;
  readonly #ownWords: boolean;

  constructor(code: ErrorCode, message: string, details: HoldfastErrorDetails = {}) {
    super(message);
    const { operation, path, paths, capability } = details;
    const mutates = operation !== undefined && hasOutcome(operation);
    const info = Object.hasOwn(ERROR_CODES, code) ? ERROR_CODES[code] : UNKNOWN_CODE;
    const outcome = details.outcome ?? (mutates ? info.outcome : undefined);
    this.code = code;
    this.#ownWords = (details as OwnDetails)[OWN_WORDS] === true;
    if (operation !== undefined) this.operation = operation;
    if (path !== undefined) this.path = path;
    if (paths !== undefined) this.paths = Object.freeze([...paths]);
    if (outcome !== undefined) this.outcome = outcome;
    this.retryable = info.retryable && outcome !== 'unknown';
    if (capability !== undefined) this.capability = capability;
    Object.defineProperty(this, 'name', { enumerable: false });
    if ('cause' in details) {
      const { cause } = details;
      this.#rawCause = cause;
      const shown = cause === undefined || isHoldfastError(cause) ? cause : withheldCause(cause);
      // As of any error: test runners and loggers put others in its place.
      Object.defineProperty(this, 'cause', { value: shown, writable: true, configurable: true });
    }
    const trace = captureTrace(new.target);
    Object.defineProperty(this, 'stack', {
      configurable: true,
      get: () => {
        trace.name = `${this.name} [${this.code}]`;
        trace.message = located(this);
        return trace.stack;
      },
      set: (value: unknown) => {
        Object.defineProperty(this, 'stack', { value, writable: true, configurable: true });
      },
    });
  }

  /**
   * What the driver itself threw, or the reason of the caller's signal, for debugging. Never log it: drivers put hosts,
   * credentials and values into their errors.
   */
  rawCause(): unknown {
    return this.#rawCause;
  }

  /** Whether the message of an error is known to have nothing in it from a driver, an adapter or what is stored. */
  static hasOwnWords(error: HoldfastError): boolean {
    return #ownWords in error && error.#ownWords;
  }

  /** The first line of the stack: `HoldfastError [TIMEOUT]: put /a: the deadline passed`. */
  override toString(): string {
    return `${this.name} [${this.code}]: ${located(this)}`;
  }

  /** The fields that are safe to log. */
  toJSON(): Record<string, string | boolean | readonly string[] | undefined> {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      operation: this.operation,
      path: this.path,
      paths: this.paths,
      outcome: this.outcome,
      retryable: this.retryable,
      capability: this.capability,
    };
  }

  static {
    Object.defineProperty(this.prototype, BRAND, { value: true });
    // What an error has not is no property of its own, so that it is not printed, and is there to be asked for.
    for (const absent of ['operation', 'path', 'paths', 'outcome', 'capability']) {
      Object.defineProperty(this.prototype, absent, { value: undefined, writable: true });
    }
  }
}

/** The message with what it is about before it. */
function located({ operation, path, message }: HoldfastError): string {
  const about = [operation, path].filter((part) => part !== undefined).join(' ');
  return [about, message].filter((part) => part !== '').join(': ');
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
