import { expect, test } from 'vitest';
import { THROWERS } from '../../test/support/hostile.ts';
import { typedThrow } from '../../test/support/rejection.ts';
import { checkInteger, checkKeys, checkOptions, readArray, readOptions } from './check-options.ts';

test('known keys pass, whether they have a value or not', () => {
  expect(checkOptions({ a: 1, b: undefined }, ['a', 'b'])).toEqual({ a: 1, b: undefined });
  expect(checkOptions(undefined, ['a'])).toEqual({});
  expect(checkOptions({}, [])).toEqual({});
});

const hidden = Object.defineProperty({}, 'timeout', { value: 1, enumerable: false });

test.each([
  [{ timeoutms: 1 }, 'options has an unknown key timeoutms (did you mean timeoutMs?); known are timeoutMs, limit'],
  [hidden, 'options has an unknown key timeout (did you mean timeoutMs?); known are timeoutMs, limit'],
  [{ url: 1 }, 'options has an unknown key url (it belongs into config); known are timeoutMs, limit'],
  [{ other: 1 }, 'options has an unknown key other; known are timeoutMs, limit'],
  // What no program spells out may be a value that somebody put in the place of a key.
  [{ 'postgres://u:secret@h': 1 }, 'options has an unknown key; known are timeoutMs, limit'],
  [{ ['x'.repeat(65)]: 1 }, 'options has an unknown key; known are timeoutMs, limit'],
  [{ [Symbol('secret')]: 1 }, 'options has an unknown key; known are timeoutMs, limit'],
])('an unknown key is refused and, if it is an identifier, named: %#', (value, message) => {
  const error = typedThrow(() => checkKeys('options', value, ['timeoutMs', 'limit'], { config: ['url'] }));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message });
});

test('where no key is known, none is proposed', () => {
  expect(typedThrow(() => checkKeys('options', { a: 1 }, [])).message).toBe(
    'options has an unknown key a; there are none to know',
  );
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

test('an array is copied, without its holes', () => {
  const array = ['a', , 'c']; // oxlint-disable-line no-sparse-arrays
  const read = readArray('list', array);
  array.push('d');
  expect(read).toEqual(['a', undefined, 'c']);
  expect(Object.keys(read)).toEqual(['0', '1', '2']);
});

test.each([undefined, null, 'abc', 5, {}, { length: 1 }, new Set(['a'])])('%o is no array', (value) => {
  const error = typedThrow(() => readArray('list', value));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('list must be') as string });
});

test.each(THROWERS)('neither is %s, and an array whose elements throw cannot be read', (_, hostile) => {
  expect(typedThrow(() => readArray('list', hostile())).code).toBe('INVALID_ARGUMENT');
  const throwing = Object.defineProperty([1], 0, { get: () => (hostile() as { readonly a: unknown }).a ?? boom() });
  expect(typedThrow(() => readArray('list', throwing)).message).toMatch(/^list must be readable/);
});

function boom(): never {
  throw new Error('boom');
}
