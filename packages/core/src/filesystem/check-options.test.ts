import { expect, test } from 'vitest';
import { typedThrow } from '../../test/support/rejection.ts';
import { checkInteger, checkKeys, checkOptions, readOptions } from './check-options.ts';

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

test('options that are read once are own plain values', () => {
  let reads = 0;
  const given = {
    get a() {
      reads += 1;
      return reads;
    },
  };
  const options = readOptions('options', given, ['a', 'b']);
  expect([options.a, options.a, reads]).toEqual([1, 1, 1]);
  expect(readOptions('options', undefined, ['a'])).toEqual({});
});

test.each([
  ['no object', 1],
  ['null', null],
  ['an unknown key', { c: 1 }],
  ['a getter that throws', Object.defineProperty({}, 'a', { enumerable: true, get: () => fail() })],
  ['a proxy that throws', new Proxy({}, { ownKeys: () => fail() })],
])('%s is refused by the name of the argument', (_what, value) => {
  expect(() => readOptions('config', value, ['a', 'b'])).toThrow(/^config /);
});

function fail(): never {
  throw new Error('secret');
}
