// Without Vitest, which child processes could not load.
import { doesNotMatch, fail } from 'node:assert/strict';
import { inspect } from 'node:util';
import { isHoldfastError, type HoldfastError } from '@holdfast/core';
import { isError } from '@holdfast/core/adapter';

/** How the tests of a package look at promises that must reject. */
export interface Rejections {
  /** The error a promise rejects with. Fails if it resolves, and if the error shows a secret; any other is rethrown. */
  readonly rejection: (promise: Promise<unknown>) => Promise<HoldfastError>;
  /** What a rejection is, in the two fields that callers branch on: `BUSY not-applied`, or the code alone. */
  readonly refusal: (promise: Promise<unknown>) => Promise<string>;
  /** `refusal` of several calls that are under way at once. */
  readonly refusals: (promises: readonly Promise<unknown>[]) => Promise<string[]>;
}

/**
 * Looks at rejections, each of which must be a HoldfastError. What `secrets` matches must not show in it: not in its
 * message, nor when it is logged or made JSON. Stack frames may show it, since they name the files of the tests.
 */
export function rejections(secrets?: RegExp): Rejections {
  const rejection = async (promise: Promise<unknown>): Promise<HoldfastError> => {
    const thrown = await promise.then(
      (value) => fail(`resolved with ${inspect(value)}`),
      (error: unknown) => error,
    );
    if (!isHoldfastError(thrown)) throw thrown;
    if (secrets !== undefined) for (const text of shownBy(thrown)) doesNotMatch(text, secrets);
    return thrown;
  };
  const refusal = async (promise: Promise<unknown>): Promise<string> => {
    const { code, outcome } = await rejection(promise);
    return outcome === undefined ? code : `${code} ${outcome}`;
  };
  return { rejection, refusal, refusals: (promises) => Promise.all(promises.map(refusal)) };
}

/** Whatever of an error is printed, logged or made JSON, its causes included, but for the frames of stacks. */
export function shownBy(error: HoldfastError): string[] {
  const printed = [inspect(error), String(error.stack), ...causesOf(error).map(({ stack }) => String(stack))];
  return [
    error.message,
    JSON.stringify(error),
    ...printed.map((text) => text.replaceAll(/^ +at .*$/gm, '')),
    ...causesOf(error).flatMap((cause) => [
      cause.message,
      inspect(cause, { customInspect: false }),
      JSON.stringify(cause),
    ]),
  ];
}

/** The causes of an error, as loggers walk through them. */
function causesOf({ cause }: Error): Error[] {
  return isError(cause) ? [cause, ...causesOf(cause)] : [];
}
