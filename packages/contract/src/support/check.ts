import { isHoldfastError, type ErrorCode, type HoldfastError, type Outcome } from '@holdfast/core';
import { isError } from '@holdfast/core/adapter';
import { inOneLine } from './failure.ts';

/** What a scenario throws when the backend breaks the contract. */
export class ContractViolation extends Error {
  override readonly name: string = 'ContractViolation';
}

/** Fails the scenario unless the condition holds. */
export function check(condition: boolean, expected: string): asserts condition {
  if (!condition) throw new ContractViolation(`expected ${expected}`);
}

/** Fails the scenario unless two values are the same, or have the same JSON text but for the order of keys. */
export function checkEqual(actual: unknown, expected: unknown, what: string): void {
  if (Object.is(actual, expected)) return;
  const shown = [actual, expected].map((value) => JSON.stringify(value, inKeyOrder) ?? String(value));
  if (shown[0] !== shown[1] || typeof actual !== 'object' || typeof expected !== 'object') {
    throw new ContractViolation(`expected ${what} to be ${shorten(shown[1])}; got ${shorten(shown[0])}`);
  }
}

/** What a rejected call must look like. */
export interface ExpectedError {
  readonly code: ErrorCode | readonly ErrorCode[];
  readonly outcome?: Outcome;
  readonly path?: string;
}

/**
 * Fails the scenario unless the call rejects, in a promise, with a typed error; gives the error.
 *
 * @throws ContractViolation whose cause is what was thrown instead
 */
export async function checkRejects(
  call: () => Promise<unknown>,
  expected: ExpectedError,
  what: string,
): Promise<HoldfastError> {
  const codes = [expected.code].flat();
  const wanted = `${what} to reject with ${codes.join(' or ')}`;
  let promise: Promise<unknown>;
  try {
    promise = call();
  } catch (cause) {
    throw new ContractViolation(`expected ${wanted}; it threw instead of rejecting`, { cause });
  }
  const settled = await promise.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (settled === undefined) throw new ContractViolation(`expected ${wanted}; it succeeded`);
  const { error } = settled;
  if (!isHoldfastError(error)) {
    const raw = isError(error) ? inOneLine(error) : typeof error;
    throw new ContractViolation(`expected ${wanted}; it rejected with a raw ${raw}`, { cause: error });
  }
  const { code, message, outcome, path } = error;
  if (!codes.includes(code)) {
    throw new ContractViolation(`expected ${wanted}; it rejected with ${code} (${message})`, { cause: error });
  }
  if (expected.outcome !== undefined && outcome !== expected.outcome) {
    const told = `the outcome of ${code} to be "${expected.outcome}"; got ${JSON.stringify(outcome)}`;
    throw new ContractViolation(`expected ${told}`, { cause: error });
  }
  if (expected.path !== undefined) checkEqual(path, expected.path, `the path of ${code}`);
  return error;
}

/** A replacer for `JSON.stringify`: nobody promises an order of keys. */
function inKeyOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function shorten(text: string | undefined): string {
  return text !== undefined && text.length > 200 ? `${text.slice(0, 200)}…` : String(text);
}
