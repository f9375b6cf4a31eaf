import { inspect } from 'node:util';
import { HoldfastError } from '@holdfast/core';
import { expect, test } from 'vitest';
import { rejections } from './rejections.ts';

const { rejection, refusal, refusals } = rejections(/secret/);
const busy = new HoldfastError('BUSY', 'busy', { operation: 'put', outcome: 'not-applied' });

/** An error that gives away a secret in one way and in no other. */
function showing(where: 'message' | 'toJSON' | typeof inspect.custom): HoldfastError {
  const error = new HoldfastError('BUSY', where === 'message' ? 'a secret' : 'busy');
  for (const method of ['toJSON', inspect.custom]) {
    Object.defineProperty(error, method, { value: () => (where === method ? 'a secret' : 'busy') });
  }
  return error;
}

test('gives the error, or its code and outcome', async () => {
  const closed = new HoldfastError('CLOSED', 'closed');
  expect(await rejection(Promise.reject(busy))).toBe(busy);
  expect(await refusals([Promise.reject(busy), Promise.reject(closed)])).toEqual(['BUSY not-applied', 'CLOSED']);
});

test('fails when the promise resolves, and shows with what', async () => {
  await expect(refusal(Promise.resolve({ deleted: true }))).rejects.toThrow('resolved with { deleted: true }');
});

test('rethrows an error that is no HoldfastError', async () => {
  const other = new TypeError('other');
  await expect(rejection(Promise.reject(other))).rejects.toBe(other);
});

test.each([
  ['message', showing('message')],
  ['JSON', showing('toJSON')],
  ['log', showing(inspect.custom)],
])('fails for a secret in the %s, unless none was named', async (_, error) => {
  await expect(rejection(Promise.reject(error))).rejects.toThrow(/expected to not match/);
  expect(await rejections().rejection(Promise.reject(error))).toBe(error);
});
