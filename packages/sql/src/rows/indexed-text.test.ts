import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeIndexed, encodeIndexed } from './indexed-text.ts';

const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/).filter((name) => name !== '__proto__');
const scalar = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
);

test('a projection survives exactly, numbers to the last bit', () => {
  fc.assert(
    fc.property(fc.dictionary(key, scalar), (projection) => {
      expect(decodeIndexed(encodeIndexed(projection))).toEqual({ ...projection });
    }),
  );
  for (const number of [0.1 + 0.2, Number.MAX_SAFE_INTEGER + 2, Number.MIN_VALUE, Number.MAX_VALUE, 2 ** 63, 1e21]) {
    expect(decodeIndexed(encodeIndexed({ number }))).toEqual({ number });
  }
});

test('no projection is no projection, and an empty one is an empty one', () => {
  expect(encodeIndexed(undefined)).toBe(null);
  expect(decodeIndexed(null)).toBe(undefined);
  expect(decodeIndexed('{}')).toEqual({});
});

test.each([
  '',
  '{',
  'null',
  '7',
  '[]',
  '"x"',
  '{"a":{}}',
  '{"a":[1]}',
  '{"a-b":1}',
  '{"":1}',
  '{"__proto__":1}',
  '{"a":1e999}',
  7,
  undefined,
  new Uint8Array(2),
])('%j is undecodable', (text) => {
  expect(decodeIndexed(text)).toBe('undecodable');
});
