// Around `/` (U+002F) in code point order, and prefixes of each other.
const AROUND_THE_SLASH = ['a', 'a!', 'a!b', 'a b', 'a-', 'a.', 'a0', 'aa', 'ab', 'A', 'Z', 'z', 'b'];

// What patterns take for wildcards, and other syntax.
const SYNTAX = ['%', '_', '*', '?', '[a]', "'", '"', ':', '...', '.a', '~', ' '];

// The ends of the planes, where UTF-16 and UTF-8 order differ, and letters that some orders take for others.
const PLANES = ['\uD7FF', '\uE000', '\uFFFD', '\uFFFF', '😀', '\u{10000}', '\u{10FFFF}', 'z😀', 'z\uFFFD'];

/** As long as a name may be, in bytes. */
export const LONG_NAME: string = 'x'.repeat(255);

// Names that some store takes for one another, or for something of its own. Each of them is a name of its own.
const BY_CASE = ['name', 'Name', 'NAME', 'namE'];
const BY_CASE_OF_OTHERS = ['é', 'É', 'ärger', 'Ärger', 'ÄRGER', 'ж', 'Ж', 'σ', 'ς', 'Σ', 'ı', 'i', 'İ', 'I'];
const BY_SIGHT = ['name', 'namé', 'namè', 'n\u0430me', 'ｎame', 'na\u200Bme', 'na\u00ADme', 'name\uFE0F', '\uFEFFname'];
const BY_DOTS = ['name', 'name.', 'name..', '.name', '..name'];
const BY_SPACES = ['name', 'name ', ' name', 'name  ', 'name\u00A0', 'na me', 'na+me', 'na%20me'];
const BY_ENDS = ['name', 'name~1', 'name.x', 'name;1', 'name:x', 'name#x', 'name?x', 'name@x'];
const BY_ESCAPES = ['name', 'na%6De', 'na%6de', 'na%256De', 'n%61me', 'na&#109;e', 'na_x6D_e'];
const BY_ESCAPED = ['nA', 'n%41', 'n:', 'n%3A', 'n%', 'n%25', 'n%00', 'n%2Fx'];
const BY_LINES = ['name', 'na\u2028me', 'na\u2029me', 'name\u2028', 'na,me', 'na;me', 'na=me', 'na&me', 'na<me'];
const BY_PATTERNS = ['name', 'na_e', 'na%', 'na?e', 'na*', 'n[a]me', 'nam_', '%', '_'];
const BY_FORM = ['ﬁ', 'fi', 'ß', 'ẞ', 'ss', 'SS', 'ﬀ', 'ff', '①', '¹', '1'];
const BY_VALUE = ['1', '01', '1.0', '1e0', '٣', '3', 'true', 'null', '0x1'];
const BY_LENGTH = [
  LONG_NAME,
  `${LONG_NAME.slice(1)}y`,
  `y${LONG_NAME.slice(1)}`,
  LONG_NAME.slice(2),
  `${'é'.repeat(127)}a`,
  // The last two have the same hash by the most common of simple ones, 31 times what came before and the next unit.
  `${'x'.repeat(60)}Aa`,
  `${'x'.repeat(60)}BB`,
];
const BY_QUOTES = ['name', "'name'", '"name"', "na'me", "na''me", 'na"me', '`name`', '$name', '{name}', "'"];
const BY_TEMPLATES = ['name', '$', '$$', '$&', 'na$$me', 'na$me', '$1', '${name}', '{{name}}', '%s'];
// Parts of an entry that are stored as entries of their own, and what its kind is told by.
const BY_PARTS = ['name', 'name.0', 'name.1', 'name.2', 'name-1', 'name#1', 'name@1', 'name.meta', 'name.json'];
const BY_EXTENSION = ['name.json', 'name.txt', 'name.html', 'name.png', 'name.gz', 'name.JSON', 'name.jsonl'];
const BY_USE = ['con', 'CON', 'nul', 'aux.txt', 'lost+found', 'desktop.ini', '-rf', '--', '#', '`', '|'];
const BY_OWN_USE = [
  'name',
  'name.tmp',
  '.tmp-name',
  '.name.tmp',
  'tmp',
  'name.lock',
  'name.part',
  'name~',
  '.name.swp',
];

/** Names that are taken for one another, by what they are taken for one another for. */
export const MISTAKABLE_NAMES: readonly (readonly string[])[] = [
  BY_CASE,
  BY_CASE_OF_OTHERS,
  BY_SIGHT,
  BY_DOTS,
  BY_SPACES,
  BY_ENDS,
  BY_ESCAPES,
  BY_ESCAPED,
  BY_LINES,
  BY_PATTERNS,
  BY_FORM,
  BY_VALUE,
  BY_LENGTH,
  BY_QUOTES,
  BY_TEMPLATES,
  BY_PARTS,
  BY_EXTENSION,
  BY_USE,
  BY_OWN_USE,
];

/** Names that some store might fold, escape, cut or take for something else. Each of them is a name of its own. */
export const ODD_NAMES: readonly string[] = [
  ...new Set([...AROUND_THE_SLASH, ...SYNTAX, ...PLANES, ...MISTAKABLE_NAMES.flat()]),
];
