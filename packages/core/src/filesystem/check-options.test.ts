import { expect, test } from 'vitest';
import { typedThrow } from '../../test/support/rejection.ts';
import { checkInteger, checkKeys, checkOptions } from './check-options.ts';

test('known keys pass, whether they have a value or not', () => {
  expect(checkOptions({ a: 1, b: undefined }, ['a', 'b'])).toEqual({ a: 1, b: undefined });
  expect(checkOptions(undefined, ['a'])).toEqual({});
  expect(checkOptions({}, [])).toEqual({});
});

test('an unknown key is refused, also a symbol and one that cannot be enumerated', () => {
  const hidden = Object.defineProperty({}, 'secret', { value: 1, enumerable: false });
  for (const value of [{ secret: 1 }, { A: 1 }, { [Symbol('a')]: 1 }, hidden]) {
    const error = typedThrow(() => checkKeys('options', value, ['a', 'b']));
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toBe('options has an unknown key; known are a, b');
  }
});

test.each([null, 1, 'a', true, Symbol('a'), () => ({}), ['a']])('%# is no bag of options', (value) => {
  expect(typedThrow(() => checkOptions(value, ['a'])).code).toBe('INVALID_ARGUMENT');
});

test('an integer is taken within its bounds, and its default when it is absent', () => {
  const bounds = { min: 1, max: 3, fallback: 2 };
  expect([1, 2, 3].map((value) => checkInteger('n', value, bounds))).toEqual([1, 2, 3]);
  expect(checkInteger('n', undefined, bounds)).toBe(2);
  for (const bad of [0, 4, 1.5, Number.NaN, Infinity, '2', 2n, null, true, [2], new Number(2)]) {
    expect(typedThrow(() => checkInteger('n', bad, bounds)).message).toMatch(/^n must be an integer from 1 to 3; got /);
  }
});
