import { DEFAULT_CONTENT_TYPE, type EntryInput, type IndexedProjection, type IndexedScalar } from '@holdfast/core';
import fc from 'fast-check';
import { bytes, describeBytes, scribble, texts } from './bytes.ts';

const NUMBERS = [0, -0, 1, -1, 0.1, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308];
const INTEGERS = [
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 63,
  -(2 ** 63),
  1e21,
  123_456_789_012,
];
const TEXTS = [
  '2024-01-01T00:00:00+02:00',
  '2024-01-01',
  'a\u2028b',
  '007',
  '1e3',
  'true',
  'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
  '',
  "it's",
  '"',
  '\\',
  '\\u0000',
  '%_',
  '😀',
  '\uFFFD',
  'é',
  'e\u0301',
  '\n\t\u0001',
  '1',
  'null',
  ' ',
];

const character = fc
  .integer({ min: 1, max: 0x10ffff })
  .map((codePoint) => String.fromCodePoint(codePoint))
  .filter((it) => it.isWellFormed());
// Not `fc.string({ unit: 'binary' })`: to make one it builds a table of all characters there are, which takes 0.7 s in each
// process that loads the suite, the children of scenarios above all.
const text = fc.array(character, { maxLength: 6 }).map((characters) => characters.join(''));

const scalar: fc.Arbitrary<IndexedScalar> = fc.oneof(
  fc.constantFrom(...NUMBERS, ...INTEGERS),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(...TEXTS, 'x'.repeat(1024)),
  text,
  fc.constantFrom(true, false, null),
);

// Names that an object or a database could take for something else.
const KEYS = ['a', 'A', '_', 'b1', 'constructor', 'toString', 'hasOwnProperty', '__proto', 'select', 'x'.repeat(128)];

const pairs = fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), scalar), { maxLength: 4, selector: ([key]) => key });

// As large as a projection may be.
const LARGEST = Object.fromEntries(Array.from({ length: 32 }, (_, index) => [`k${index}`, 'é'.repeat(512)]));

const indexed: fc.Arbitrary<IndexedProjection> = fc.oneof(
  { weight: 30, arbitrary: pairs.map((some) => Object.fromEntries(some)) },
  { weight: 1, arbitrary: fc.constant(LARGEST) },
);

const contentType = fc.constantFrom(
  'text/plain',
  'Text/Plain',
  'application/json',
  'text/html',
  'a b; c="d\'e"',
  '%',
  '~'.repeat(255),
  ' ',
);
const kind = fc.constantFrom('Turn', 'turn', '_', 'Record_2', 'K'.repeat(128));

/** Entries of every sort: files and records, with and without content type and projection. */
export const entries: fc.Arbitrary<EntryInput> = fc.oneof(
  { weight: 5, arbitrary: bytes.map((body) => ({ body })) },
  {
    weight: 5,
    arbitrary: fc.record({ body: bytes, contentType, kind, indexed }, { requiredKeys: ['body'] }),
  },
  { weight: 1, arbitrary: bytes.map((body) => ({ body, contentType: DEFAULT_CONTENT_TYPE })) },
  // What stores may take for a value rather than for bytes.
  { weight: 1, arbitrary: texts.map((body) => ({ body, contentType: 'application/json' })) },
);

/** A copy that shares nothing, so that each backend gets, and may have scribbled over, its own. */
export function copyOf(entry: EntryInput): EntryInput {
  const { indexed: projection } = entry;
  return {
    ...entry,
    body: new Uint8Array(entry.body),
    ...(projection === undefined ? {} : { indexed: { ...projection } }),
  };
}

/** Changes whatever of an entry can be changed, as a caller may who put it or got it. */
export function scribbleOver(entry: EntryInput): void {
  scribble(entry.body);
  for (const key of Object.keys(entry.indexed ?? {})) Reflect.set(entry.indexed ?? {}, key, 'scribbled');
  Reflect.set(entry, 'kind', 'Scribbled');
  Reflect.set(entry, 'contentType', 'scribbled');
}

/** An entry as text. Equal texts mean equal entries; an absent content type is the default one. */
export function describeEntry(entry: EntryInput): string {
  const type = entry.contentType ?? DEFAULT_CONTENT_TYPE;
  const shownType = type === DEFAULT_CONTENT_TYPE ? '' : ` type=${JSON.stringify(type)}`;
  const shownKind = entry.kind === undefined ? '' : ` kind=${entry.kind}`;
  const shownIndexed = entry.indexed === undefined ? '' : ` indexed=${describeIndexed(entry.indexed)}`;
  return `${describeBytes(entry.body)}${shownType}${shownKind}${shownIndexed}`;
}

/** Without regard to the order of the keys, which nobody promises. */
function describeIndexed(projection: IndexedProjection): string {
  const shown = Object.entries(projection).map(([key, value]) => `${key}: ${describeScalar(value)}`);
  return `{${shown.toSorted().join(', ')}}`;
}

function describeScalar(value: IndexedScalar): string {
  return Object.is(value, -0) ? '-0' : JSON.stringify(value);
}

/** The entry that a backend has stored after it was given this one: as given, but that it knows one zero only. */
export function asStored(entry: EntryInput): EntryInput {
  if (entry.indexed === undefined) return entry;
  const stored = Object.entries(entry.indexed).map(([key, value]) => [key, value === 0 ? 0 : value]);
  return { ...entry, indexed: Object.fromEntries(stored) as IndexedProjection };
}
