import { HoldfastError } from '../errors/holdfast-error.ts';
import { kindOf } from '../errors/kind-of.ts';
import { utf8Length } from './code-points.ts';

declare const pathBrand: unique symbol;

/** A validated path of an entry, such as `/turns/42`. Made by {@link parsePath}. */
export type VirtualPath = string & { readonly [pathBrand]: 'VirtualPath' };

/** What `list` and `entries` look below: a path, or `/` for everything. */
export type DirectoryPath = VirtualPath | '/';

/** The longest segment, in UTF-8 bytes: `NAME_MAX` of the common local file systems. */
export const MAX_SEGMENT_BYTES = 255;

/** The longest path, in UTF-8 bytes: well below `PATH_MAX`, and short enough for every database's index key. */
export const MAX_PATH_BYTES = 1024;

// C0, DEL and C1: none survives logs, terminals and every database unharmed.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

// All rules at one look, for a path of printable ASCII, in which a character is a byte: most paths. Segments are as long as
// MAX_SEGMENT_BYTES says; a test holds it against the rules one by one.
const PLAIN = /^(?:\/(?!\.\.?(?:\/|$))[ -.0-[\]-~]{1,255})+$/;

/**
 * Checks a path and gives it its type. The text is never rewritten: what is not acceptable is refused.
 *
 * Rules: absolute; no empty, `.` or `..` segment; no trailing slash; no backslash; no C0 or C1 control
 * character; well-formed Unicode in NFC; segments of at most {@link MAX_SEGMENT_BYTES} and paths of at most
 * {@link MAX_PATH_BYTES} UTF-8 bytes. `%`, `_`, `:` and `*` are ordinary characters.
 *
 * @throws HoldfastError `INVALID_PATH`
 */
export function parsePath(path: string): VirtualPath {
  if (typeof path !== 'string') throw invalidPath(`a path must be a string; got ${kindOf(path)}`);
  if (path === '/') throw invalidPath('the root is a directory, not an entry');
  const broken = brokenPathRule(path);
  if (broken !== undefined) throw invalidPath(broken);
  return path as VirtualPath;
}

/**
 * Like {@link parsePath}, and takes `/` too.
 *
 * @throws HoldfastError `INVALID_PATH`
 */
export function parseDirectory(path: string): DirectoryPath {
  return path === '/' ? path : parsePath(path);
}

/** Whether one name could be a segment of a path, by the same rules. */
export function isSegment(name: unknown): name is string {
  return typeof name === 'string' && !name.includes('/') && brokenPathRule(`/${name}`) === undefined;
}

function brokenPathRule(path: string): string | undefined {
  if (path.length <= MAX_PATH_BYTES && PLAIN.test(path)) return undefined;
  if (!path.startsWith('/')) return 'a path must be absolute';
  // First, and by the cheapest measure: normalizing a long text can take time quadratic in its length.
  if (path.length > MAX_PATH_BYTES || utf8Length(path) > MAX_PATH_BYTES) {
    return `a path must be at most ${MAX_PATH_BYTES} UTF-8 bytes`;
  }
  if (path.includes('\\')) return 'a path must not contain a backslash';
  if (CONTROL.test(path)) return 'a path must not contain a control character';
  if (!path.isWellFormed()) return 'a path must be well-formed Unicode';
  if (path.normalize('NFC') !== path) return 'a path must be in Unicode normalization form C';
  for (const segment of path.slice(1).split('/')) {
    if (segment === '') return 'a path must not contain an empty segment or a trailing slash';
    if (segment === '.' || segment === '..') return 'a path must not contain a "." or ".." segment';
    if (utf8Length(segment) > MAX_SEGMENT_BYTES) {
      return `a path segment must be at most ${MAX_SEGMENT_BYTES} UTF-8 bytes`;
    }
  }
  return undefined;
}

function invalidPath(rule: string): HoldfastError {
  return new HoldfastError('INVALID_PATH', rule);
}
