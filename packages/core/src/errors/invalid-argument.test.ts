import { expect, test } from 'vitest';
import { invalidArgument, kindOf } from './invalid-argument.ts';

test.each<[unknown, string]>([
  [undefined, 'undefined'],
  [null, 'null'],
  [['secret'], 'an array'],
  ['', 'an empty string'],
  ['secret', 'a value of type string'],
  [5, 'a number out of range'],
  [Number.NaN, 'NaN'],
  [-Infinity, '-Infinity'],
  [1n, 'a value of type bigint'],
  [{ secret: 1 }, 'a value of type object'],
  [Symbol('secret'), 'a value of type symbol'],
  [() => 'secret', 'a value of type function'],
])('the kind of %# is named without its value', (value, kind) => {
  expect(kindOf(value)).toBe(kind);
});

test('the message names the argument, the rule and the kind', () => {
  expect(invalidArgument('limit', 'a number', 'secret')).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: 'limit must be a number; got a value of type string',
  });
});
