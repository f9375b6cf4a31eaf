import fc from 'fast-check';
import { expect, test } from 'vitest';
import { segment as validSegment } from '../../test/support/arbitraries.ts';
import { JUNK } from '../../test/support/hostile.ts';
import { typedThrow } from '../../test/support/rejection.ts';
import { compareCodePoints } from './code-points.ts';
import { joinPath, nameOf } from './path-parts.ts';
import { segment, textOfSegment } from './segment.ts';
import { isSegment, MAX_SEGMENT_BYTES } from './virtual-path.ts';

/** Texts of whatever strings are made of: halves of surrogate pairs, marks that combine, what paths must not have. */
const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: fc.constantFrom('/', '\\', '.', '%', 'a', 'F', '0'), maxLength: 6 }),
  fc.string({
    unit: fc.constantFrom('/', 'e', '\u0301', '\u0307', '\u0323', '\u212b', '\ud800', '\udc00', '\0'),
    maxLength: 6,
  }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 28 }).map((units) => String.fromCharCode(...units)),
  fc.string({ unit: 'binary', maxLength: 14 }),
);

test.each([
  ['42', '42'],
  ['user@example.com', 'user@example.com'],
  ['urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66', 'urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66'],
  ['Zoë 😀', 'Zoë 😀'],
  ['.hidden', '.hidden'],
  ['...', '...'],
  ['https://example.com/a?b=c#d', 'https:%2F%2Fexample.com%2Fa?b=c#d'],
  ['100%', '100%25'],
  ['a\\b\tc\u0085', 'a%5Cb%09c%C2%85'],
  ['', '%'],
  ['.', '%2E'],
  ['..', '%2E%2E'],
  ['Zoe\u0308', 'Zoe%CC%88'],
  ['Zoë/\u0307', 'Zo%C3%AB%2F%CC%87'],
  ['\ud800a', '%ED%A0%80a'],
  ['\ude00\ud83d', '%ED%B8%80%ED%A0%BD'],
])('the segment of %j is %j, and back', (text, name) => {
  expect(segment(text)).toBe(name);
  expect(textOfSegment(name)).toBe(text);
});

test('every text of up to 28 units has a segment, which a path can end with and which gives the text again', () => {
  const check = (text: string): void => {
    expect(textOfSegment(nameOf(joinPath('/a', segment(text))))).toBe(text);
  };
  fc.assert(fc.property(anyText, check));
  check('\uffff'.repeat(28));
});

test('two texts never have the same segment', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      fc.pre(a !== b);
      expect(segment(a)).not.toBe(segment(b));
    }),
  );
});

test('what could be a segment is its own, unless it has a %', () => {
  fc.assert(
    fc.property(validSegment, (text) => {
      fc.pre(!text.includes('%'));
      expect(segment(text)).toBe(text);
    }),
  );
});

test('segments sort as their texts do, except that what is escaped sorts as %', () => {
  const text = fc.string({
    unit: fc.constantFrom('!', '$', '%', '&', 'a', '/', '😀', '\uff5e'),
    minLength: 1,
    maxLength: 4,
  });
  const asPercent = (it: string): string => it.replaceAll('/', '%');
  fc.assert(
    fc.property(text, text, (a, b) => {
      fc.pre(asPercent(a) !== asPercent(b));
      fc.pre(!a.includes('%') && !b.includes('%') && !a.includes('/') && !b.includes('/'));
      expect(Math.sign(compareCodePoints(segment(a), segment(b)))).toBe(Math.sign(compareCodePoints(a, b)));
    }),
  );
  expect(['a$', 'a/', 'a&'].map(segment).toSorted(compareCodePoints)).toEqual(['a$', 'a%2F', 'a&']);
});

test('the inverse refuses what no text has for a segment', () => {
  const names = fc.oneof(
    validSegment,
    fc.string({ unit: fc.constantFrom('%', '2', '5', 'E', 'D', 'A', '8', 'a', 'e', 'f', '/', '.'), maxLength: 12 }),
  );
  fc.assert(
    fc.property(names, (name) => {
      let text: string;
      try {
        text = textOfSegment(name);
      } catch (error) {
        expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
        return;
      }
      expect(segment(text)).toBe(name);
      expect(isSegment(name)).toBe(true);
    }),
  );
  const never = ['.', '..', 'a/b', 'a\\b', '%2f', '%61', '%%', 'a%', '%2', '%GG', '%FF', '%C0%80', '%C3%AB', '%2Ea'];
  for (const name of [...never, 'e\u0301', '\ud800', '%ED%A0%BD%ED%B8%80', 'a'.repeat(256), '%C3%84']) {
    expect(typedThrow(() => textOfSegment(name)).code).toBe('INVALID_ARGUMENT');
  }
});

test('a segment that would be too long is refused, and the message does not show it', () => {
  expect(segment('a'.repeat(MAX_SEGMENT_BYTES))).toHaveLength(MAX_SEGMENT_BYTES);
  expect(textOfSegment('a'.repeat(MAX_SEGMENT_BYTES))).toHaveLength(MAX_SEGMENT_BYTES);
  // Putting these marks in order takes time quadratic in their number: minutes.
  expect(typedThrow(() => segment(`a${'\u0301\u0316'.repeat(20_000)}`)).code).toBe('INVALID_PATH');
  for (const text of ['a'.repeat(256), '/'.repeat(86), 'A\u030a'.repeat(37), 'é'.repeat(128), 'x'.repeat(10_000_000)]) {
    const error = typedThrow(() => segment(text));
    expect(error).toMatchObject({
      code: 'INVALID_PATH',
      message: 'the segment of a text must be at most 255 UTF-8 bytes',
    });
  }
});

test.each(JUNK.filter((it) => typeof it !== 'string').map((it) => [it]))('%s has no segment, and is none', (junk) => {
  for (const run of [segment, textOfSegment]) {
    expect(typedThrow(() => run(junk as string)).code).toBe('INVALID_ARGUMENT');
  }
});
