import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { isPromise } from './is-promise.ts';

test('promises of whatever realm are; what begins when it is waited for is not', () => {
  for (const promise of [Promise.resolve(), runInNewContext('Promise.resolve()')])
    expect(isPromise(promise)).toBe(true);
  // oxlint-disable-next-line unicorn/no-thenable -- what a query builder makes
  for (const other of [{ then: () => {} }, undefined, null, 7]) expect(isPromise(other)).toBe(false);
});
