import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wellFormed } from '../../test/support/arbitraries.ts';
import { compareCodePoints, utf8Length } from './code-points.ts';

test('the order is that of the UTF-8 bytes', () => {
  fc.assert(
    fc.property(wellFormed, wellFormed, (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { numRuns: 2000 },
  );
});

test('the order is that of the UTF-8 bytes also where one string begins with the other', () => {
  fc.assert(
    fc.property(wellFormed, wellFormed, wellFormed, (start, a, b) => {
      const [left, right] = [start + a, start + b];
      expect(Math.sign(compareCodePoints(left, right))).toBe(Buffer.compare(Buffer.from(left), Buffer.from(right)));
    }),
  );
});

test('the order is not that of UTF-16, which puts an emoji before a full-width tilde', () => {
  expect(['\uff5e', '😀'].toSorted()).toEqual(['😀', '\uff5e']);
  expect(compareCodePoints('😀', '\uff5e')).toBeGreaterThan(0);
  expect(compareCodePoints('a😀', 'a😁')).toBeLessThan(0);
  expect(compareCodePoints('\ud7ff', '\ue000')).toBeLessThan(0);
  expect(compareCodePoints('', '')).toBe(0);
});

test('the length is that of the UTF-8 bytes', () => {
  fc.assert(
    fc.property(wellFormed, (text) => {
      expect(utf8Length(text)).toBe(Buffer.byteLength(text));
    }),
    { numRuns: 1000 },
  );
});

test.each(['', '\u007f', '\u0080', '\u07ff', '\u0800', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'])(
  'the length of %j is that of its UTF-8 bytes',
  (text) => {
    expect(utf8Length(text)).toBe(Buffer.byteLength(text));
  },
);
