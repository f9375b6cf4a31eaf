import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longestMatch } from './longest-match.ts';

test.each([
  ['^[A-Za-z_][A-Za-z0-9_]{0,127}$', 128],
  ['^[ -~]{1,255}$', 255],
  [String.raw`^[\]a-z]{1,4}\.\u{10ffff}?$`, 6],
  ['^(?:ab|c{1,7})?x$', 8],
  ['^(?!no)a{1,3}$', 3],
  ['^(?<year>[0-9]{1,4}){2}$', 8],
])('%s matches at most %i characters', (pattern, most) => {
  expect(longestMatch(pattern)).toBe(most);
});

test.each(['^[a-z]+$', '[a-z]{1,3}', '^a{1,3}b*$', '^a{3}$', '^a{1,3}b{2,}$'])('%s has no such bound', (pattern) => {
  expect(longestMatch(pattern)).toBeUndefined();
});

test('what is one character longer than the longest match does not match', () => {
  fc.assert(
    fc.property(fc.nat({ max: 20 }), fc.nat({ max: 20 }), (first, second) => {
      const pattern = `^[ab]{0,${first}}a?(?:a{0,${second}}|a)$`;
      const most = longestMatch(pattern) ?? -1;
      expect(new RegExp(pattern).test('a'.repeat(most))).toBe(true);
      expect(new RegExp(pattern).test('a'.repeat(most + 1))).toBe(false);
    }),
  );
});
