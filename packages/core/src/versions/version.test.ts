import { expect, test } from 'vitest';
import { isVersion, mintVersion } from './version.ts';

test('versions that are minted are versions, all different, and the same after JSON', () => {
  const minted = Array.from({ length: 10_000 }, mintVersion);
  expect(minted.every(isVersion)).toBe(true);
  expect(new Set(minted).size).toBe(minted.length);
  expect(JSON.parse(JSON.stringify(minted))).toEqual(minted);
});

test('a version of a later release, longer or of other characters, is one too', () => {
  expect(isVersion('!')).toBe(true);
  expect(isVersion('~'.repeat(128))).toBe(true);
  expect(isVersion('v2:0/abc%_*"\\')).toBe(true);
});

test.each([
  '',
  ' ',
  'a b',
  'a\n',
  '\na',
  '\u0000',
  '\u007f',
  'é',
  '😀',
  '~'.repeat(129),
  undefined,
  null,
  0,
  1,
  1n,
  Number.NaN,
  true,
  Symbol('v'),
  ['v'],
  new String('v'),
  { toString: () => 'v' },
])('%# is no version', (value) => {
  expect(isVersion(value)).toBe(false);
});
