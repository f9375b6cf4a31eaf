import { HoldfastError } from '../errors/holdfast-error.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { isSegment, MAX_SEGMENT_BYTES } from './virtual-path.ts';

/** What no path has, and the `%` that stands before what is escaped. */
const UNSAFE = /[%/\\\p{Cc}\p{Cs}]/gu;
const UNSAFE_OR_NOT_ASCII = /[%/\\\p{Cc}\p{Cs}\P{ASCII}]/gu;

/** Three bytes of one half of a surrogate pair, which no decoder takes. */
const HALF_A_PAIR = /%ED%([AB][0-9A-F])%([89AB][0-9A-F])/g;

const EMPTY = '%';

/**
 * A segment of a path for any text, such as the id of a user or a URL: `joinPath('/users', segment(id))`. Two texts never
 * have the same segment, and {@link textOfSegment} gives the text again.
 *
 * A text that could be a segment is its own, unless it has a `%`. Else there is a `%` and two hex digits for each byte in
 * UTF-8, as in a URL, of `%`, `/`, `\`, control characters and halves of surrogate pairs; of `.` and `..`, if that is all
 * there is; and, where the rest is not in NFC, of all that is not ASCII. The empty text is a `%` alone.
 *
 * Segments sort as their texts do, by code point, except that what is escaped sorts as `%`.
 *
 * @throws HoldfastError `INVALID_PATH` when the segment would be longer than {@link MAX_SEGMENT_BYTES}, which that of a
 * text with a `length` of up to 28 never is; `INVALID_ARGUMENT` for what is no string
 */
export function segment(text: string): string {
  if (typeof text !== 'string') throw invalidArgument('text', 'a string', text);
  const name = segmentOf(text);
  if (name !== undefined) return name;
  throw new HoldfastError('INVALID_PATH', `the segment of a text must be at most ${MAX_SEGMENT_BYTES} UTF-8 bytes`);
}

/**
 * The text that a {@link segment} was made of: `textOfSegment(nameOf(path))`.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` for what `segment` never gives
 */
export function textOfSegment(name: string): string {
  const text = typeof name === 'string' && name.length <= MAX_SEGMENT_BYTES ? decoded(name) : undefined;
  // Whatever else would decode to the same text, such as `%2f` or `%61`, is another segment.
  if (text !== undefined && segmentOf(text) === name) return text;
  throw invalidArgument('a segment', 'one that the function `segment` gives', name);
}

function segmentOf(text: string): string | undefined {
  // No character takes less than a byte. First, since normalizing a long text can take time quadratic in its length.
  if (text.length > MAX_SEGMENT_BYTES) return undefined;
  if (text === '') return EMPTY;
  if (text === '.' || text === '..') return text.replaceAll('.', '%2E');
  const readable = text.replace(UNSAFE, escaped);
  // Looked at as it is now: a mark that followed a `/` may make one character with the last digit.
  const name = isNormal(readable) ? readable : text.replace(UNSAFE_OR_NOT_ASCII, escaped);
  return isSegment(name) ? name : undefined;
}

function isNormal(text: string): boolean {
  return text.normalize('NFC') === text;
}

function escaped(character: string): string {
  const bytes = character.isWellFormed()
    ? [...new TextEncoder().encode(character)]
    : halfAPair(character.charCodeAt(0));
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

/** As UTF-8 would have it, if it had any. */
function halfAPair(unit: number): number[] {
  return [0xed, 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)];
}

function decoded(name: string): string | undefined {
  if (name === EMPTY) return '';
  try {
    return decodeURIComponent(name.replace(HALF_A_PAIR, unitOf));
  } catch {
    // A `%` without two digits behind it, or bytes that are not UTF-8.
    return undefined;
  }
}

function unitOf(_all: string, middle: string, last: string): string {
  return String.fromCharCode(0xd000 | ((byteOf(middle) & 0x3f) << 6) | (byteOf(last) & 0x3f));
}

function byteOf(digits: string): number {
  return Number.parseInt(digits, 16);
}
