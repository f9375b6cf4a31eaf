import fc from 'fast-check';
import { LONG_NAME, MISTAKABLE_NAMES, ODD_NAMES } from './odd-names.ts';

const alike = fc.constantFrom(...MISTAKABLE_NAMES.flat()).map((one) => `/alike/${one}`);

// Deep, and two that part from it half-way and at the end. Not as long as a path can be, which a view may not take.
const DEEP = ['/d'.repeat(300), `${'/d'.repeat(150)}/e`, `${'/d'.repeat(299)}/e`];
const LONGEST = 600;

// Few, so that the operations of a run meet.
const FREQUENT = ['/a', '/a/b', '/a!b', '/aa', '/a/b/c', '/z/😀', '/z/\uFFFD', '/A', '/_/%'];

const SIBLINGS = ['/a-', '/a b', '/a/b!', '/a/b!/c', '/a/b/c/d/e/f', '/a/😀', '/a/\uFFFD', '/a/\uE000/x', '/a!b/c'];
const OTHERS = ['/a0', '/z', '/z\uFFFD', '/z😀', '/%', '/_', '/é', '/Z', '/\u{10FFFF}/a'];
const OFTEN = [...SIBLINGS, ...OTHERS, `/a/${LONG_NAME}`, `/${LONG_NAME}/${LONG_NAME}`];

const name = fc.constantFrom(...ODD_NAMES);

const composed = fc
  .array(name, { minLength: 1, maxLength: 6 })
  .map((segments) => `/${segments.join('/')}`)
  .filter((path) => Buffer.byteLength(path) <= LONGEST);

const anyPath: fc.Arbitrary<string> = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(...FREQUENT) },
  { weight: 4, arbitrary: fc.constantFrom(...OFTEN) },
  { weight: 3, arbitrary: alike },
  {
    weight: 1,
    arbitrary: fc.oneof({ weight: 9, arbitrary: composed }, { weight: 1, arbitrary: fc.constantFrom(...DEEP) }),
  },
);

/** Where the operations of a sequence take place. */
export interface Places {
  /** The paths that were chosen for the sequence. */
  readonly chosen: readonly string[];
  /** Paths of entries. */
  readonly paths: fc.Arbitrary<string>;
  /** Directories: the root, and paths, which may be of entries, of directories, of both or of neither. */
  readonly directories: fc.Arbitrary<string>;
  /** Names for a cursor; many exist nowhere. */
  readonly names: fc.Arbitrary<string>;
}

/** Some of what is taken for one another in the same way, as entries and as directories. */
const mistakable: fc.Arbitrary<readonly string[]> = fc
  .tuple(fc.constantFrom(...MISTAKABLE_NAMES), fc.constantFrom('/alike/*', '/*/x', '/alike/*/x'))
  .chain(([group, path]) =>
    fc
      .uniqueArray(fc.constantFrom(...group), { minLength: 2, maxLength: 4 })
      .map((names) => names.map((one) => path.replace('*', () => one))),
  );

// Which of them comes first, and what belongs to what, is easily got wrong.
const NEIGHBOURS = [
  ['/z/😀', '/z/\uFFFD', '/z/\uE000/x'],
  ['/z😀', '/z\uFFFD'],
  ['/a', '/a/b', '/a!b'],
  ['/a/b', '/a/b!', '/a/b!/c', '/a/b/c'],
  ['/a/b/c', '/a0', '/a/b/c/d/e', '/a/b0'],
  ['/_/a', '/x/a', '/%/a'],
  ['/a/c', '/A/c', '/A'],
  ['/é/x', '/É/x', '/é', '/É'],
  [`/${LONG_NAME}`, `/${LONG_NAME.slice(1)}y`, `/y${LONG_NAME.slice(1)}`],
];

const withOthers = (some: fc.Arbitrary<readonly string[]>): fc.Arbitrary<readonly string[]> =>
  fc.tuple(some, fc.array(anyPath, { maxLength: 2 })).map((given) => given.flat());

/**
 * A few places each time, so that operations meet: what one leaves behind another finds. Mostly they are names that are
 * easily taken for each other, or of which it is easily mistaken what belongs to what; hardly more than those, since
 * operations among many seldom meet.
 */
export const places: fc.Arbitrary<readonly string[]> = fc
  .oneof(
    { weight: 2, arbitrary: fc.array(anyPath, { minLength: 2, maxLength: 5 }) },
    { weight: 2, arbitrary: withOthers(mistakable) },
    { weight: 2, arbitrary: withOthers(fc.constantFrom(...NEIGHBOURS)) },
  )
  .map((given) => [...new Set(given)]);

/** The operations' arguments among some paths; `further` are directories that other operations fill. */
export function among(chosen: readonly string[], further: readonly string[]): Places {
  const paths = fc.constantFrom(...chosen);
  const own = fc.constantFrom(...chosen.flatMap((path) => path.split('/').slice(1)));
  return {
    chosen,
    paths: fc.oneof({ weight: 15, arbitrary: paths }, { weight: 1, arbitrary: anyPath }),
    directories: fc.oneof(
      { weight: 2, arbitrary: fc.constant('/') },
      { weight: 2, arbitrary: paths.map(above) },
      { weight: 1, arbitrary: paths },
      ...(further.length === 0 ? [] : [{ weight: 6, arbitrary: fc.constantFrom(...further) }]),
    ),
    names: fc.oneof(own, name),
  };
}

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
