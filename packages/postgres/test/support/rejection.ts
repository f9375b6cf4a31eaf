import { inspect } from 'node:util';
import { isHoldfastError, type HoldfastError } from '@holdfast/core';
import { expect } from 'vitest';

/** The error a promise rejects with, which must be a HoldfastError. */
export async function rejection(promise: Promise<unknown>): Promise<HoldfastError> {
  const thrown = await promise.then(
    (value) => expect.fail(`resolved with ${inspect(value)}`),
    (error: unknown) => error,
  );
  if (!isHoldfastError(thrown)) throw thrown;
  return thrown;
}

/** What a rejection is, in the two fields that callers branch on. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  const { code, outcome } = await rejection(promise);
  return outcome === undefined ? code : `${code} ${outcome}`;
}
