import fc from 'fast-check';
import { expect, test } from 'vitest';
import { directory, path, segment } from '../../test/support/arbitraries.ts';
import { typedThrow } from '../../test/support/rejection.ts';
import { joinPath, nameOf, parentOf } from './path-parts.ts';
import { isSegment, parseDirectory, type VirtualPath } from './virtual-path.ts';

test('a path is its parent joined with its name', () => {
  fc.assert(
    fc.property(path, (text) => {
      expect(joinPath(parentOf(text), nameOf(text))).toBe(text);
      expect(isSegment(nameOf(text))).toBe(true);
      expect(parseDirectory(parentOf(text))).toBe(parentOf(text));
    }),
  );
});

test('the parent and the name of a joined path are what was joined', () => {
  fc.assert(
    fc.property(directory, segment, (above, name) => {
      const joined = joinPath(above, name);
      expect(parentOf(joined)).toBe(above);
      expect(nameOf(joined)).toBe(name);
    }),
  );
});

test('joining at once is joining one after the other', () => {
  fc.assert(
    fc.property(directory, segment, segment, (above, a, b) => {
      expect(joinPath(above, a, b)).toBe(joinPath(joinPath(above, a), b));
      expect(joinPath(above, `${a}/${b}`)).toBe(joinPath(above, a, b));
    }),
  );
});

test('the parent of a path with one segment is the root', () => {
  expect(parentOf(joinPath('/', 'a'))).toBe('/');
});

test.each([
  ['no segments', ['/a']],
  ['an empty segment', ['/a', '']],
  ['a segment that begins with a slash', ['/a', '/b']],
  ['a segment ".."', ['/a', '..']],
  ['a segment that hides a ".."', ['/a', 'b/../c']],
  ['a directory that is relative', ['a', 'b']],
  ['a directory with a trailing slash', ['/a/', 'b']],
])('joining refuses %s', (_, [above, ...segments]) => {
  expect(typedThrow(() => joinPath(above as string, ...segments)).code).toBe('INVALID_PATH');
});

test.each([undefined, null, 1, Symbol('a'), ['a'], { toString: () => 'a' }])(
  'joining refuses what is no string, without converting it (%#)',
  (value) => {
    expect(typedThrow(() => joinPath('/a', value as string)).code).toBe('INVALID_ARGUMENT');
    expect(typedThrow(() => joinPath(value as string, 'a')).code).toBe('INVALID_ARGUMENT');
  },
);

test.each([undefined, null, 1, Object.create(null)])(
  'what is no string has neither a parent nor a name (%#)',
  (value) => {
    expect(typedThrow(() => parentOf(value as VirtualPath)).code).toBe('INVALID_ARGUMENT');
    expect(typedThrow(() => nameOf(value as VirtualPath)).code).toBe('INVALID_ARGUMENT');
  },
);
