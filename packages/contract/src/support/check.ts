import { isHoldfastError, type ErrorCode, type HoldfastError, type Outcome } from '@holdfast/core';
import { isError } from '@holdfast/core/adapter';

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

/** Fails the scenario unless the call rejects, in a promise, with a typed error; gives the error. */
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
  } catch {
    throw new ContractViolation(`expected ${wanted}; it threw instead of rejecting`);
  }
  const settled = await promise.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (settled === undefined) throw new ContractViolation(`expected ${wanted}; it succeeded`);
  const { error } = settled;
  if (!isHoldfastError(error))
    throw new ContractViolation(`expected ${wanted}; it rejected with a raw ${nameOf(error)}`);
  check(codes.includes(error.code), `${wanted}; it rejected with ${error.code} (${error.message})`);
  if (expected.outcome !== undefined) checkEqual(error.outcome, expected.outcome, `the outcome of ${error.code}`);
  if (expected.path !== undefined) checkEqual(error.path, expected.path, `the path of ${error.code}`);
  return error;
}

/** A replacer for `JSON.stringify`: nobody promises an order of keys. */
function inKeyOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function nameOf(error: unknown): string {
  return isError(error) ? `${error.name}: ${error.message}` : typeof error;
}

function shorten(text: string | undefined): string {
  return text !== undefined && text.length > 200 ? `${text.slice(0, 200)}…` : String(text);
}
