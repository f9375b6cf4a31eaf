/** A mutant that no test can find, since nobody could tell what it changes, and why. */
export interface Survivor {
  readonly file: string;
  /** The text that is changed, with single spaces, and what it is changed to. All such places of the file are meant. */
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

const PATHS = 'packages/core/src/paths';
const RULES = 'all rules are looked at one by one after the quick look';

export const SURVIVORS: readonly Survivor[] = [
  {
    file: `${PATHS}/code-points.ts`,
    from: 'index < text.length',
    to: 'index <= text.length',
    why: 'the unit behind the last is NaN, which no comparison holds for',
  },
  {
    file: `${PATHS}/segment.ts`,
    from: "typeof name === 'string' && name.length <= MAX_SEGMENT_BYTES",
    to: 'true',
    why: 'what is no string cannot be decoded, and the text of what is too long has no segment',
  },
  {
    file: `${PATHS}/segment.ts`,
    from: 'name.length <= MAX_SEGMENT_BYTES',
    to: 'true',
    why: 'the text of what is too long has no segment; it is not decoded first to save time',
  },
  {
    file: `${PATHS}/segment.ts`,
    from: '{ // A `%` without two digits behind it, or bytes that are not UTF-8. return undefined; }',
    to: '{}',
    why: 'a function that ends returns undefined',
  },
  {
    file: `${PATHS}/virtual-path.ts`,
    from: '/^(?:\\/(?!\\.\\.?(?:\\/|$))[ -.0-[\\]-~]{1,255})+$/',
    to: '/^(?:\\/(?!\\.\\.?(?:\\/|$))[ -.0-[\\]-~]{1,255})$/',
    why: RULES,
  },
  {
    file: `${PATHS}/virtual-path.ts`,
    from: '/^(?:\\/(?!\\.\\.?(?:\\/|$))[ -.0-[\\]-~]{1,255})+$/',
    to: '/^(?:\\/(?!\\.\\.?(?:\\/|$))[ -.0-[\\]-~])+$/',
    why: RULES,
  },
  {
    file: `${PATHS}/virtual-path.ts`,
    from: 'path.length <= MAX_PATH_BYTES && PLAIN.test(path)',
    to: 'false',
    why: RULES,
  },
  {
    file: `${PATHS}/virtual-path.ts`,
    from: 'path.length <= MAX_PATH_BYTES',
    to: 'path.length < MAX_PATH_BYTES',
    why: RULES,
  },
  {
    file: `${PATHS}/virtual-path.ts`,
    from: 'path.length > MAX_PATH_BYTES',
    to: 'false',
    why: 'no text has fewer bytes than units: this is the cheaper measure',
  },
  {
    file: `${PATHS}/virtual-path.ts`,
    from: 'path.length > MAX_PATH_BYTES',
    to: 'path.length >= MAX_PATH_BYTES',
    why: 'a path of as many units, but not of plain ASCII, has more bytes or is refused by another rule',
  },
];
