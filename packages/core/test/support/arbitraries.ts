import fc from 'fast-check';
import { isSegment, parsePath, type VirtualPath } from '../../src/paths/virtual-path.ts';

/**
 * Characters that tell orders apart: around `/` in ASCII, the last before and the first after the surrogates,
 * and some beyond the basic plane.
 */
const TELLING = [
  ...Array.from(' !%*+-.0:_aAz~'),
  '\u00e9',
  '\u07ff',
  '\u0800',
  '\ud7ff',
  '\ue000',
  '\uff5e',
  '\u{10000}',
  '😀',
];

/** A well-formed string in which UTF-16 order and code point order often differ. */
export const wellFormed: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: fc.constantFrom(...TELLING), maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

/** A valid segment; short and over few characters, so that two of them are often related. */
export const segment: fc.Arbitrary<string> = fc
  .oneof(
    {
      weight: 4,
      arbitrary: fc.string({
        unit: fc.constantFrom('!', '-', '.', '0', 'a', 'b', '😀', '\uff5e', ' '),
        minLength: 1,
        maxLength: 3,
      }),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).map((it) => it.normalize()) },
  )
  .filter(isSegment);

/** A valid path of one to four segments. */
export const path: fc.Arbitrary<VirtualPath> = fc
  .array(segment, { minLength: 1, maxLength: 4 })
  .map((segments) => parsePath(`/${segments.join('/')}`));

/** A valid path or the root. */
export const directory: fc.Arbitrary<VirtualPath | '/'> = fc.oneof(
  { weight: 1, arbitrary: fc.constant('/' as const) },
  { weight: 4, arbitrary: path },
);
