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

// Names that some store takes for one another: by case, by accents, by compatibility forms, by what is not seen, as
// escapes, as ends that some systems cut off, as devices. Each of them is a name of its own.
const BY_SIGHT = [
  'name',
  'Name',
  'NAME',
  'namé',
  'namè',
  'n\u0430me',
  'ｎame',
  'na\u200Bme',
  'na\u00ADme',
  'name\uFE0F',
];
const BY_ENDS = [
  'name',
  'name.',
  'name..',
  'name ',
  ' name',
  'name\u00A0',
  'name~1',
  '.name',
  'name.tmp',
  'name;1',
  'name:x',
];
const BY_ESCAPES = [
  'name',
  'na%6De',
  'nA',
  'n%41',
  'na%6de',
  'na%256De',
  'n+ame',
  'n ame',
  'name%00',
  'name%2Fx',
  'na_e',
  'na%',
  'na?e',
];
const BY_FORM = ['ﬁ', 'fi', 'ss', 'ẞ', 'SS', 'i', 'ı', 'İ', 'I', '1', '①', '¹', '01', '1.0', '1e0', '٣', '3'];
const BY_USE = ['con', 'CON', 'nul', 'aux.txt', 'lost+found', 'desktop.ini', '-rf', '--', '#', '`', '|', '\uFEFFname'];
const GROUPS = [BY_SIGHT, BY_ENDS, BY_ESCAPES, BY_FORM, BY_USE];
const ALIKE = GROUPS.flat();

/** Names that some store might fold, escape, cut or take for something else. Each of them is a name of its own. */
export const ODD_NAMES: readonly string[] = [
  ...AROUND_THE_SLASH,
  ...SYNTAX,
  ...PLANES,
  ...LETTERS,
  ...LENGTHS,
  ...ALIKE,
];

const alike = fc.constantFrom(...ALIKE).map((one) => `/alike/${one}`);

// Deep, and two that part from it half-way and at the end. Not as long as a path can be, which a view may not take.
const DEEP = ['/d'.repeat(300), `${'/d'.repeat(150)}/e`, `${'/d'.repeat(299)}/e`];
const LONGEST = 600;

// Few, so that the operations of a run meet.
const FREQUENT = ['/a', '/a/b', '/a!b', '/aa', '/a/b/c', '/z/😀', '/z/\uFFFD', '/A', '/_/%'];

const SIBLINGS = ['/a-', '/a b', '/a/b!', '/a/b!/c', '/a/b/c/d/e/f', '/a/😀', '/a/\uFFFD', '/a/\uE000/x', '/a!b/c'];
const OTHERS = ['/a0', '/z', '/z\uFFFD', '/z😀', '/%', '/_', '/é', '/Z', '/\u{10FFFF}/a'];
const OFTEN = [...SIBLINGS, ...OTHERS, `/a/${LONG}`, `/${LONG}/${LONG}`];

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
  .tuple(fc.constantFrom(...GROUPS), fc.boolean())
  .chain(([group, directories]) =>
    fc
      .uniqueArray(fc.constantFrom(...group), { minLength: 3, maxLength: 5 })
      .map((names) => names.map((one) => (directories ? `/${one}/x` : `/alike/${one}`))),
  );

// Which of them comes first, and what belongs to what, is easily got wrong.
const NEIGHBOURS = [
  ['/z/😀', '/z/\uFFFD', '/z/\uE000/x'],
  ['/z😀', '/z\uFFFD'],
  ['/a', '/a/b', '/a!b'],
  ['/a/b', '/a/b!', '/a/b!/c', '/a/b/c'],
  ['/_/a', '/x/a', '/%/a'],
  ['/a/c', '/A/c', '/A'],
  ['/é/x', '/É/x', '/é', '/É'],
  [`/${LONG}`, `/${LONG.slice(1)}y`, `/y${LONG.slice(1)}`],
];

/**
 * A few places each time, so that operations meet: what one leaves behind another finds. Two of them are sometimes names
 * that are easily taken for each other.
 */
export const places: fc.Arbitrary<readonly string[]> = fc
  .tuple(
    fc.uniqueArray(anyPath, { minLength: 2, maxLength: 5 }),
    fc.option(mistakable, { nil: [], freq: 2 }),
    fc.option(fc.constantFrom(...NEIGHBOURS), { nil: [], freq: 2 }),
  )
  .map((given) => [...new Set(given.flat())]);

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
