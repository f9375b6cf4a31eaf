import fc from 'fast-check';
import { expect, test } from 'vitest';
import { path, segment } from '../../test/support/arbitraries.ts';
import { typedThrow } from '../../test/support/rejection.ts';
import { isSegment, MAX_PATH_BYTES, MAX_SEGMENT_BYTES, parseDirectory, parsePath } from './virtual-path.ts';

const longest = 'x'.repeat(MAX_SEGMENT_BYTES);
/** A path of so many bytes, in segments as long as they may be. */
const pathOf = (length: number): string => `/${longest}`.repeat(4).slice(0, length - 2) + '/y';

test.each([
  ['a relative path', 'a/b'],
  ['an empty string', ''],
  ['an empty segment', '/a//b'],
  ['a trailing slash', '/a/'],
  ['two slashes', '//'],
  ['a segment "."', '/a/./b'],
  ['a segment "." at the end', '/.'],
  ['a segment ".."', '/../a'],
  ['a segment ".." at the end', '/a/..'],
  ['a backslash', '/a\\b'],
  ['NUL', '/a\u0000'],
  ['a C0 control character', '/a\u001fb'],
  ['a line feed', '/a\nb'],
  ['DEL', '/a\u007f'],
  ['a C1 control character', '/a\u0085b'],
  ['the last C1 control character', '/\u009f'],
  ['a lone high surrogate', '/a\ud83d'],
  ['a lone low surrogate', '/\ude00a'],
  ['surrogates in the wrong order', '/\ude00\ud83d'],
  ['a decomposed character', '/e\u0301'],
  ['a singleton that NFC replaces', '/\u212b'],
  ['marks in the wrong order', '/q\u0307\u0323'],
  ['a segment of 256 bytes', `/${longest}x`],
  ['a segment of 256 bytes in 64 characters', `/${'😀'.repeat(64)}`],
  ['a path of 1,025 bytes', pathOf(MAX_PATH_BYTES + 1)],
])('it refuses %s', (_, text) => {
  for (const parse of [parsePath, parseDirectory]) {
    expect(typedThrow(() => parse(text))).toMatchObject({ code: 'INVALID_PATH' });
  }
});

test.each([
  ['one character', '/a'],
  ['percent-encoding, which means nothing', '/%2e%2e/%2F'],
  ['the wildcards of SQL and of shells', '/%_*?[a]{b}'],
  ['a colon, quotes and a dollar', `/c:/"'$\``],
  ['names of dots', '/.../..a/a../.a'],
  ['blanks at the ends of names', '/ / a / b '],
  ['a no-break space and a zero-width joiner', '/\u00a0/\u200d'],
  ['the byte order mark', '/\ufeff'],
  ['composed characters', '/\u00e9/\u1ee9'],
  ['a combining mark that composes with nothing', '/q\u0323\u0307'],
  ['characters beyond the basic plane', '/😀/\u{10ffff}'],
  ['noncharacters', '/\uffff\ufffe'],
  ['a segment of 255 bytes', `/${longest}`],
  ['a segment of 252 bytes in 63 characters', `/${'😀'.repeat(63)}`],
  ['a path of 1,024 bytes', pathOf(MAX_PATH_BYTES)],
  ['a path of 1,024 bytes that are not all ASCII', `${pathOf(MAX_PATH_BYTES - 2)}é`],
  ['names that objects have', '/__proto__/constructor/toString'],
])('it takes %s', (_, text) => {
  expect(parsePath(text)).toBe(text);
  expect(parseDirectory(text)).toBe(text);
});

test('the root is a directory and no entry', () => {
  expect(parseDirectory('/')).toBe('/');
  expect(typedThrow(() => parsePath('/'))).toMatchObject({
    code: 'INVALID_PATH',
    message: 'the root is a directory, not an entry',
  });
});

test.each([undefined, null, 0, 1n, true, Symbol('/a'), ['/a'], { toString: () => '/a' }, new String('/a'), () => '/a'])(
  'it refuses what is no string, without converting it (%#)',
  (value) => {
    for (const parse of [parsePath, parseDirectory]) {
      expect(typedThrow(() => parse(value as string)).code).toBe('INVALID_PATH');
    }
    expect(isSegment(value)).toBe(false);
  },
);

test('the message names the rule and never the path', () => {
  for (const text of ['secret', '/secret\\', '/secret\n', '/secret/../x', '/secret/', `/secret${longest}`]) {
    expect(typedThrow(() => parsePath(text)).message).not.toContain('secret');
  }
});

test('a path that is too long is refused before anything slow is done with it', () => {
  // Putting these marks in order takes time quadratic in their number: minutes, for a long text.
  const marks = '\u0301\u0316'.repeat(20_000);
  expect(typedThrow(() => parsePath(`/a${marks}`)).message).toContain('at most 1024');
  expect(isSegment(`a${marks}`)).toBe(false);
});

test('what parses is unchanged, parses again, and is made of segments', () => {
  fc.assert(
    fc.property(path, (text) => {
      expect(parsePath(parsePath(text))).toBe(text);
      expect(text.slice(1).split('/').every(isSegment)).toBe(true);
      expect(text.normalize()).toBe(text);
    }),
  );
});

test('a string is either refused or taken as it is', () => {
  const anyString = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('/', '.', '\\', 'a', '\u0301', 'e', '\ud83d') }),
  );
  fc.assert(
    fc.property(anyString, (text) => {
      let parsed: string | undefined;
      try {
        parsed = parsePath(`/${text}`);
      } catch (error) {
        expect(error).toMatchObject({ code: 'INVALID_PATH' });
        return;
      }
      expect(parsed).toBe(`/${text}`);
    }),
  );
});

test('a path of ASCII alone is taken exactly if it is with another name behind it', () => {
  const ascii = fc.oneof(
    fc.string({ unit: 'binary-ascii' }),
    fc.string({ unit: fc.constantFrom('/', '.', '\\', 'a', ' ', '\n') }),
    fc.array(fc.constantFrom('/a', '/.', '/..', '/...', '/', longest, 'x')).map((parts) => parts.join('')),
  );
  const isTaken = (text: string): boolean => {
    try {
      return parsePath(text) === text;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(ascii, (text) => {
      expect(isTaken(`/${text}`)).toBe(isTaken(`/${text}/\u00e9`));
    }),
  );
});

test('segments joined by slashes are a path', () => {
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 5 }), (segments) => {
      expect(parsePath(`/${segments.join('/')}`)).toBe(`/${segments.join('/')}`);
    }),
  );
});

test.each(['', '/', 'a/b', '/a', '.', '..', 'a\\b', 'e\u0301', `${longest}x`])('%j is no segment', (name) => {
  expect(isSegment(name)).toBe(false);
});
