import type { Capabilities } from '../capabilities/capabilities.ts';
import { isCapability } from '../capabilities/requirements.ts';
import { ERROR_CODES } from '../errors/error-codes.ts';
import { HoldfastError, isHoldfastError, OWN_WORDS, type OwnDetails } from '../errors/holdfast-error.ts';
import { causeOf } from '../errors/restated.ts';
import { outcomeOf } from '../filesystem/adapter-error.ts';
import { errorOf, ownOutcome, type Named } from '../operations/named.ts';

/** How an error of another filesystem becomes one of this. */
export interface Relocation {
  /** The operation as the caller of this filesystem knows it, with the path here. */
  readonly named: Named;
  /** What a path there is here; `undefined` for one that the operation does not touch. By default none is known. */
  readonly here?: (path: string) => string | undefined;
  /** The directory there, or all of them in one text, if the caller may not learn of it: then also not what drivers say, which may name it. */
  readonly hidden?: string | undefined;
  /** The caller's signal. Its reason is the caller's own, and visible in any case. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The error of a call that went to another path: the same, but for the path. What is no {@link HoldfastError} becomes
 * `BACKEND_FAILED`.
 *
 * Where the directory there is hidden, `cause` is left out but for the codes of our own errors, and a message that names
 * a path, or has a word of the hidden one, is replaced by what the code means.
 */
export function relocatedError(thrown: unknown, relocation: Relocation): HoldfastError {
  const { named, hidden } = relocation;
  const { name: operation, path } = named;
  const showCause = hidden === undefined;
  if (!isHoldfastError(thrown)) {
    const cause = showCause ? { cause: thrown } : {};
    return errorOf(named, 'BACKEND_FAILED', 'the backend failed', cause);
  }
  const paths = pathsHere(thrown, relocation);
  if (showCause && thrown.path === path && thrown.operation === operation && samePaths(paths, thrown.paths))
    return thrown;
  const { code } = thrown;
  const capability = showCause ? thrown.capability : harmlessCapability(thrown);
  // Those of reads have no outcome.
  const outcome = ownOutcome(named, outcomeOf(thrown));
  const message = showCause ? thrown.message : harmlessMessage(thrown, hidden);
  const cause = showCause ? causeOf(thrown) : harmlessCause(thrown, hidden, relocation);
  const ownWords = HoldfastError.hasOwnWords(thrown);
  const details: OwnDetails = { operation, path, paths, outcome, capability, ...cause, [OWN_WORDS]: ownWords };
  return new HoldfastError(code, message, details);
}

/** The paths here of those that an error names. */
function pathsHere({ paths }: HoldfastError, { here }: Relocation): readonly string[] | undefined {
  if (!Array.isArray(paths) || here === undefined) return undefined;
  return (paths as readonly string[]).map(here).filter((path) => path !== undefined);
}

function samePaths(one: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  return one?.length === other?.length && (one ?? []).every((path, index) => path === other?.[index]);
}

// A slash where a word could begin.
const NAMES_A_PATH = /(?<!\w)\//;

function harmlessMessage(error: HoldfastError, hidden: string): string {
  const { code, message } = error;
  // The words of this package tell nothing of what is there, also when one of them is in a path by chance.
  if (HoldfastError.hasOwnWords(error)) return message;
  if (!NAMES_A_PATH.test(message) && !haveWordInCommon(message, hidden)) return message;
  return Object.hasOwn(ERROR_CODES, code) ? ERROR_CODES[code].raised : 'the backend failed';
}

/** Stores of objects have keys without the slash in front, and messages of drivers parts of them. */
function haveWordInCommon(message: string, hidden: string): boolean {
  const words = new Set(wordsOf(hidden));
  return wordsOf(message).some((word) => words.has(word));
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function harmlessCapability({ capability }: HoldfastError): keyof Capabilities | undefined {
  return capability !== undefined && isCapability(capability) ? capability : undefined;
}

function harmlessCause(
  error: HoldfastError,
  hidden: string,
  { named: { path }, signal }: Relocation,
): { readonly cause?: unknown } {
  const { cause } = causeOf(error);
  if (cause !== undefined && cause === reasonOf(signal)) return { cause };
  if (!isHoldfastError(cause)) return {};
  const { code, operation, outcome } = cause;
  const capability = harmlessCapability(cause);
  return { cause: new HoldfastError(code, harmlessMessage(cause, hidden), { operation, path, outcome, capability }) };
}

function reasonOf(signal: AbortSignal | undefined): unknown {
  try {
    return signal?.reason;
  } catch {
    return undefined;
  }
}
