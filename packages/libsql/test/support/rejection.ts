import { inspect } from 'node:util';
import { isHoldfastError, type HoldfastError } from '@holdfast/core';
import { expect } from 'vitest';

/** What stands for every secret of these tests: in tokens, URLs and bodies. */
export const CANARY = 'canary-7f3a';

/** The error a promise rejects with, which must be a HoldfastError that shows nothing of the host. */
export async function rejection(promise: Promise<unknown>): Promise<HoldfastError> {
  const thrown = await promise.then(
    (value) => expect.fail(`resolved with ${inspect(value)}`),
    (error: unknown) => error,
  );
  if (!isHoldfastError(thrown)) throw thrown;
  const shown = [thrown.message, JSON.stringify(thrown), inspect(thrown).replaceAll(/^ +at .*$/gm, '')];
  for (const text of shown) expect(text).not.toMatch(/canary-7f3a|holdfast-libsql-|127\.0\.0\.1/);
  return thrown;
}

/** What a rejection is, in the two fields that callers branch on. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  const { code, outcome } = await rejection(promise);
  return outcome === undefined ? code : `${code} ${outcome}`;
}
