import fc from 'fast-check';
import { expect, test } from 'vitest';
import { directory, path } from '../../test/support/arbitraries.ts';
import { compareCodePoints } from './code-points.ts';
import { behind, childPrefix, rangeAfter, rangeBelow, startOf, type PathRange } from './path-range.ts';

const contains = (range: PathRange, text: string): boolean =>
  compareCodePoints(text, range.from) >= 0 && compareCodePoints(text, range.below) < 0;

/** Two paths of which the second is often below the first. */
const related = fc.oneof(
  fc.tuple(directory, path),
  fc.tuple(directory, path).map(([above, rest]) => [above, above === '/' ? rest : `${above}${rest}`] as const),
);

test('the range below a directory has exactly the paths that begin with it and a slash', () => {
  fc.assert(
    fc.property(related, ([above, text]) => {
      const isBelow = above === '/' || text.startsWith(`${above}/`);
      expect(contains(rangeBelow(above), text)).toBe(isBelow);
    }),
    { numRuns: 1000 },
  );
});

test('the range below a directory does not have the directory itself', () => {
  fc.assert(
    fc.property(path, (above) => {
      expect(contains(rangeBelow(above), above)).toBe(false);
    }),
  );
});

test('the range after a path has exactly the paths of the range that sort behind it, wherever it lies', () => {
  fc.assert(
    fc.property(directory, path, related, (above, after, [, text]) => {
      const range = rangeBelow(above);
      const expected = contains(range, text) && compareCodePoints(text, after) > 0;
      expect(contains(rangeAfter(range, after), text)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test('the range after a path before the directory is the whole range below it', () => {
  expect(rangeAfter(rangeBelow('/b' as never), '/a')).toEqual(rangeBelow('/b' as never));
});

test('the range after a path behind the directory is empty', () => {
  const { from, below } = rangeAfter(rangeBelow('/b' as never), '/c');
  expect(compareCodePoints(from, below)).toBeGreaterThanOrEqual(0);
});

test('every path below a directory begins with its child prefix', () => {
  fc.assert(
    fc.property(directory, (above) => {
      expect(childPrefix(above)).toBe(rangeBelow(above).from);
    }),
  );
});

test('neither the range after a path nor what is behind it has the path itself', () => {
  fc.assert(
    fc.property(path, (after) => {
      expect(contains(rangeAfter(rangeBelow('/'), after), after)).toBe(false);
      expect(compareCodePoints(behind(after), after)).toBeGreaterThan(0);
    }),
  );
});

test.each([
  ['/', '/'],
  ['0', '/\u{10ffff}'],
  ['/a/', '/a'],
  ['/a0', '/a/\u{10ffff}'],
  [behind('/a/b'), '/a/b'],
])('the start of %j is %j, a path close before it', (from, start) => {
  expect(startOf(from)).toBe(start);
  expect(compareCodePoints(start, from)).toBeLessThanOrEqual(0);
});
