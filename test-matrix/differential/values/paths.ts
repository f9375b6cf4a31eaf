import fc from 'fast-check';

// Around `/` (U+002F) in code point order, and prefixes of each other.
const AROUND_THE_SLASH = ['a', 'a!', 'a!b', 'a b', 'a-', 'a.', 'a0', 'aa', 'ab', 'A', 'Z', 'z', 'b'];

// What patterns take for wildcards, and other syntax.
const SYNTAX = ['%', '_', '*', '?', '[a]', "'", '"', ':', '...', '.a', '~', ' '];

// The ends of the planes, where UTF-16 and UTF-8 order differ, and letters that some orders take for others.
const PLANES = ['\uD7FF', '\uE000', '\uFFFD', '\uFFFF', '😀', '\u{10000}', '\u{10FFFF}', 'z😀', 'z\uFFFD'];
const LETTERS = ['é', 'É', 'ß', 'ﬀ'];

const LONG = 'x'.repeat(255);
const LENGTHS = [LONG, `${LONG.slice(1)}y`, LONG.slice(2), `${'é'.repeat(127)}a`];

const NAMES = [...AROUND_THE_SLASH, ...SYNTAX, ...PLANES, ...LETTERS, ...LENGTHS];

// Few, so that the operations of a run meet.
const FREQUENT = ['/a', '/a/b', '/a!b', '/aa', '/a/b/c', '/z/😀', '/z/\uFFFD', '/A', '/_/%'];

const SIBLINGS = ['/a-', '/a b', '/a/b!', '/a/b!/c', '/a/b/c/d/e/f', '/a/😀', '/a/\uFFFD', '/a/\uE000/x', '/a!b/c'];
const OTHERS = ['/a0', '/z', '/z\uFFFD', '/z😀', '/%', '/_', '/é', '/Z', '/\u{10FFFF}/a'];
const OFTEN = [...SIBLINGS, ...OTHERS, `/a/${LONG}`, `/${LONG}/${LONG}`];

const name = fc.constantFrom(...NAMES);

const composed = fc
  .array(name, { minLength: 1, maxLength: 6 })
  .map((segments) => `/${segments.join('/')}`)
  .filter((path) => Buffer.byteLength(path) <= 1024);

/** Paths of entries. */
export const paths: fc.Arbitrary<string> = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(...FREQUENT) },
  { weight: 4, arbitrary: fc.constantFrom(...OFTEN) },
  { weight: 1, arbitrary: composed },
);

/** Directories: the root, and paths, which may be of entries, of directories, of both or of neither. */
export const directories: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: fc.constant('/') },
  { weight: 2, arbitrary: paths.map(above) },
  { weight: 1, arbitrary: paths },
);

/** Names for a cursor; most exist nowhere. */
export const names: fc.Arbitrary<string> = name;

/** The directory that a path is directly in. */
export function above(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

/** What every path below a directory starts with. */
export function below(directory: string): string {
  return directory === '/' ? '/' : `${directory}/`;
}

/** The order of UTF-8 bytes, which is that of code points. */
export function byUtf8(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
