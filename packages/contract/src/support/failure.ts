import { isHoldfastError } from '@holdfast/core';
import { isError } from '@holdfast/core/adapter';

/** Why something failed, for whoever wrote the adapter. May hold whatever a driver says. */
export interface Failure {
  /** What was thrown, and where it has causes the deepest of them: `ContractViolation: …` and `Caused by TypeError: …`. */
  readonly reason: string;
  /** The deepest cause; what was thrown itself where it has none. */
  readonly deepest: unknown;
}

/** What a failure is about, as far down as it can be told: also what a `HoldfastError` withholds from logs. */
export function failureOf(thrown: unknown): Failure {
  const deepest = deepestCause(thrown);
  const reason = inOneLine(thrown);
  return { reason: deepest === thrown ? reason : `${reason}\nCaused by ${inOneLine(deepest)}`, deepest };
}

/** An error, or whatever else was thrown, without its stack. */
export function inOneLine(thrown: unknown): string {
  return isError(thrown) ? `${thrown.name}: ${thrown.message}` : textOf(thrown);
}

function deepestCause(thrown: unknown): unknown {
  const seen = new Set<unknown>();
  let deepest = thrown;
  for (let next = thrown; next !== undefined && next !== null && !seen.has(next); next = causeOf(next)) {
    seen.add(next);
    deepest = next;
  }
  return deepest;
}

/** What an error was caused by, and of several that failed together the first. Never throws. */
function causeOf(error: unknown): unknown {
  try {
    // An error of another copy of core may be older than the method.
    if (isHoldfastError(error)) return typeof error.rawCause === 'function' ? error.rawCause() : error.cause;
    if (!isError(error)) return undefined;
    const { cause, errors } = error as Error & { readonly errors?: unknown };
    return cause ?? (Array.isArray(errors) ? (errors as readonly unknown[])[0] : undefined);
  } catch {
    return undefined;
  }
}

function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return `a ${typeof thrown} that cannot be shown`;
  }
}
