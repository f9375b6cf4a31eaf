import { expect, test } from 'vitest';
import { HoldfastError } from '@holdfast/core';
import { check, checkEqual, checkRejects, ContractViolation } from './check.ts';

test('check says what was expected', () => {
  expect(() => check(false, 'a miracle')).toThrow(new ContractViolation('expected a miracle'));
  check(true, 'nothing');
});

test.each([
  [1, 1],
  ['a', 'a'],
  [NaN, NaN],
  [undefined, undefined],
  [
    [1, { a: 'x' }],
    [1, { a: 'x' }],
  ],
  [
    { a: 1, b: { c: 2, d: 3 } },
    { b: { d: 3, c: 2 }, a: 1 },
  ],
  [{ a: undefined }, {}],
])('%j equals %j', (actual, expected) => {
  expect(() => checkEqual(actual, expected, 'it')).not.toThrow();
});

test.each([
  [1, 2],
  [1, '1'],
  ['null', null],
  [null, undefined],
  [0, -0],
  [
    [1, 2],
    [2, 1],
  ],
  [{ a: 1 }, { a: 2 }],
  [{ a: 1 }, { a: 1, b: 2 }],
  [[], {}],
  ['{}', {}],
])('%j does not equal %j', (actual, expected) => {
  expect(() => checkEqual(actual, expected, 'it')).toThrow(ContractViolation);
});

test('checkEqual shows both values, and not too much of them', () => {
  expect(() => checkEqual({ b: 2, a: 1 }, { a: 1 }, 'the thing')).toThrow(
    'expected the thing to be {"a":1}; got {"a":1,"b":2}',
  );
  expect(() => checkEqual('x'.repeat(10_000), 'y', 'it')).toThrow(/^.{1,260}$/u);
});

const RAW: unknown = 'BUSY';
const BUSY = new HoldfastError('BUSY', 'busy', { operation: 'put', path: '/a' });

test('checkRejects gives the error that has what is expected of it', async () => {
  const error = await checkRejects(
    () => Promise.reject(BUSY),
    { code: 'BUSY', outcome: 'not-applied', path: '/a' },
    'put',
  );
  expect(error).toBe(BUSY);
  await checkRejects(() => Promise.reject(BUSY), { code: ['TIMEOUT', 'BUSY'] }, 'put');
});

test.each<[string, () => Promise<unknown>, Parameters<typeof checkRejects>[1]]>([
  ['it succeeded', () => Promise.resolve(), { code: 'BUSY' }],
  ['it rejected with BUSY (busy)', () => Promise.reject(BUSY), { code: 'TIMEOUT' }],
  ['the outcome of BUSY', () => Promise.reject(BUSY), { code: 'BUSY', outcome: 'unknown' }],
  ['the path of BUSY', () => Promise.reject(BUSY), { code: 'BUSY', path: '/b' }],
  ['a raw TypeError: bug', () => Promise.reject(new TypeError('bug')), { code: 'BUSY' }],
  ['a raw string', () => Promise.reject(RAW), { code: 'BUSY' }],
  [
    'it threw instead of rejecting',
    () => {
      throw BUSY;
    },
    { code: 'BUSY' },
  ],
])('checkRejects complains: %s', async (complaint, call, expected) => {
  await expect(checkRejects(call, expected, 'put')).rejects.toThrow(complaint);
});
