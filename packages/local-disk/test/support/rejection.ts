import { inspect } from 'node:util';
import { isHoldfastError, type HoldfastError } from '@holdfast/core';
import { expect } from 'vitest';

/** The error a promise rejects with, which must be a HoldfastError that shows nothing of the host. */
export async function rejection(promise: Promise<unknown>): Promise<HoldfastError> {
  const thrown = await promise.then(
    (value) => expect.fail(`resolved with ${inspect(value)}`),
    (error: unknown) => error,
  );
  if (!isHoldfastError(thrown)) throw thrown;
  const shown = [thrown.message, JSON.stringify(thrown), inspect(thrown).replaceAll(/^ +at .*$/gm, '')];
  for (const text of shown) expect(text).not.toMatch(/host\/secret|holdfast-local-disk-|\/proc\//);
  return thrown;
}

/** What a rejection is, in the two fields that callers branch on. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  const { code, outcome } = await rejection(promise);
  return outcome === undefined ? code : `${code} ${outcome}`;
}

/** {@link refusal} of several calls that are under way at once. */
export function refusals(promises: readonly Promise<unknown>[]): Promise<string[]> {
  return Promise.all(promises.map(refusal));
}
