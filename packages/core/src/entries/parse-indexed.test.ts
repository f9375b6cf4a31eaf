import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { typedThrow } from '../../test/support/rejection.ts';
import { compareCodePoints } from '../paths/code-points.ts';
import { MAX_INDEXED_KEYS, MAX_INDEXED_STRING_BYTES, parseIndexed } from './parse-indexed.ts';

const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,9}$/).filter((it) => it !== '__proto__');
const scalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((it) => !Object.is(it, -0)),
  fc.string({ unit: 'binary', maxLength: 20 }).filter((it) => !it.includes('\u0000')),
);

test('a projection survives, with its keys in order', () => {
  fc.assert(
    fc.property(fc.dictionary(key, scalar, { maxKeys: 10 }), (given) => {
      const parsed = parseIndexed(given) as object;
      expect(parsed).toEqual({ ...given });
      expect(Object.keys(parsed)).toEqual(Object.keys(given).toSorted(compareCodePoints));
    }),
  );
});

test('projections with the same pairs have the same JSON text, in whatever order they came', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(key, scalar), { selector: ([it]) => it, maxLength: 8 }), (pairs) => {
      const [one, two] = [pairs, pairs.toReversed()].map((it) => JSON.stringify(parseIndexed(Object.fromEntries(it))));
      expect(one).toBe(two);
    }),
  );
});

test('it is a frozen copy, and parsing it again changes nothing', () => {
  const given = { b: 1, a: 'x' };
  const parsed = parseIndexed(given);
  given.b = 2;
  expect(parsed).toEqual({ a: 'x', b: 1 });
  expect(Object.isFrozen(parsed)).toBe(true);
  expect(parseIndexed(parsed)).toEqual(parsed);
});

test('none and an empty one are not the same', () => {
  expect(parseIndexed(undefined)).toBeUndefined();
  expect(parseIndexed({})).toEqual({});
});

test('minus zero becomes zero, which is what every database makes of it', () => {
  expect(Object.is(parseIndexed({ n: -0 })?.['n'], 0)).toBe(true);
});

test('an object without a prototype or of another realm is as good as any', () => {
  expect(parseIndexed(Object.assign(Object.create(null), { a: 1 }))).toEqual({ a: 1 });
  expect(parseIndexed(runInNewContext('({ a: 1 })'))).toEqual({ a: 1 });
});

test('names that all objects have are ordinary keys', () => {
  const parsed = parseIndexed({ constructor: 1, toString: 'x', hasOwnProperty: null });
  expect(JSON.stringify(parsed)).toBe('{"constructor":1,"hasOwnProperty":null,"toString":"x"}');
});

test.each([
  ['null', null],
  ['text', 'a'],
  ['a list', [1]],
  ['a list of another realm', runInNewContext('[1]')],
  ['a Map, whose pairs are no properties', new Map([['a', 1]])],
  ['a Date', new Date(0)],
  [
    'an instance of a class',
    new (class {
      a = 1;
    })(),
  ],
  ['a key "__proto__"', JSON.parse('{"__proto__": 1}')],
  ['a key that is no identifier', { 'a-b': 1 }],
  ['an empty key', { '': 1 }],
  ['a key of 129 characters', { ['a'.repeat(129)]: 1 }],
  ['a symbol as a key', { [Symbol('a')]: 1 }],
  ['undefined', { a: undefined }],
  ['NaN', { a: Number.NaN }],
  ['infinity', { a: -Infinity }],
  ['a bigint', { a: 1n }],
  ['a Date as a value', { a: new Date(0) }],
  ['an object as a value', { a: {} }],
  ['a list as a value', { a: [] }],
  ['NUL in a string', { a: 'x\u0000' }],
  ['a lone surrogate', { a: 'x\ud83d' }],
  ['a string of 1,025 bytes', { a: '😀'.repeat(256) + 'x' }],
  ['33 keys', Object.fromEntries(Array.from({ length: MAX_INDEXED_KEYS + 1 }, (_, at) => [`k${at}`, at]))],
])('it refuses %s', (_, value) => {
  expect(typedThrow(() => parseIndexed(value)).code).toBe('INVALID_ARGUMENT');
});

test('the largest projection is taken', () => {
  const largest = Object.fromEntries(
    Array.from({ length: MAX_INDEXED_KEYS }, (_, at) => [
      `k${at}`.padEnd(128, 'x'),
      '😀'.repeat(MAX_INDEXED_STRING_BYTES / 4),
    ]),
  );
  expect(parseIndexed(largest)).toEqual(largest);
});
