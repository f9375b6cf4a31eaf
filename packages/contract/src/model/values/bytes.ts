import { createHash } from 'node:crypto';
import fc from 'fast-check';

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, value) => value);

// Around what stores may treat in another way: a page of a disk or a database, what fits a row, what fits a packet.
const LENGTHS = [1, 4095, 4096, 4097, 8192, 65_535, 65_536, 65_537, 131_073, 262_144, 262_145];
const LONGEST = 400_000;

// And around every power of two, which somebody may have chosen for a buffer, a column or a length.
const POWERS = Array.from({ length: 13 }, (_, index) => 2 ** (index + 6));

// What stores may take for something of their own: text with a mark before it, what is packed already, zeros at an end.
const BEGINNINGS = [
  [0xef, 0xbb, 0xbf],
  [0xff, 0xfe],
  [0x1f, 0x8b, 0x08, 0x00],
  [0x7b, 0x7d],
  [0x00, 0x00],
];
const ENDINGS = [[0x00], [0x00, 0x00, 0x00], [0x20, 0x0a], [0x0d, 0x0a], [0xef, 0xbb, 0xbf]];

// A word, packed with gzip, zlib, and Brotli.
const PACKED = ['H4sIAAAAAAAAAytITM5OTQEAELT2IQYAAAA=', 'eJwrSEzOTk0BAAiGAmk=', 'iwKAcGFja2VkAw=='].map((text) =>
  Buffer.from(text, 'base64'),
);
const TEXTS = [
  '',
  'text',
  'a\r\nb\n',
  '"é"',
  '😀',
  '{"a":1}',
  '{ "b": 1, "a": 1.0, "a": 2 }',
  '[12345678901234567890, 1e2]',
  'null',
  '12',
  '%41',
  'cGFja2Vk',
  ' a ',
  'e\u0301',
];

/** Short texts, some of them JSON that says the same in another way than is usual. */
export const texts: fc.Arbitrary<Uint8Array> = fc.constantFrom(...TEXTS).map((text) => new TextEncoder().encode(text));

const small: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 5, arbitrary: fc.uint8Array({ maxLength: 8 }) },
  { weight: 3, arbitrary: texts },
  { weight: 1, arbitrary: fc.constantFrom(EVERY_BYTE, ...PACKED).map((some) => new Uint8Array(some)) },
);

const large: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...LENGTHS) },
      {
        weight: 1,
        arbitrary: fc.tuple(fc.constantFrom(...POWERS), fc.constantFrom(-1, 0, 1)).map(([power, by]) => power + by),
      },
      { weight: 1, arbitrary: fc.integer({ max: LONGEST, min: 0 }) },
    ),
    fc.nat(3),
  )
  .map(([length, seed]) => pattern(length, seed));

const plain: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 8, arbitrary: small },
  { weight: 2, arbitrary: fc.constant(new Uint8Array(0)) },
  { weight: 6, arbitrary: large },
);

/** Bodies: empty, a few bytes, text, every byte there is, and often up to 400,000 bytes; some begin or end in a way of their own. */
export const bytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 3, arbitrary: plain },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.oneof(fc.constant([]), fc.constantFrom(...BEGINNINGS)),
        plain,
        fc.oneof(fc.constant([]), fc.constantFrom(...ENDINGS)),
      )
      .map((parts) => concatenated(parts)),
  },
);

function concatenated(parts: readonly ArrayLike<number>[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Bytes without a short period, so that a chunk lost, doubled or moved shows: parts of the same ones, that cost nothing. */
function pattern(length: number, seed: number): Uint8Array {
  patterned ??= patternOf(LONGEST + 3 * BETWEEN_PATTERNS);
  return patterned.slice(seed * BETWEEN_PATTERNS, seed * BETWEEN_PATTERNS + length);
}

/** How far the beginnings of patterns are from each other, in bytes. */
const BETWEEN_PATTERNS = 997;

let patterned: Uint8Array | undefined;

function patternOf(length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let state = 1;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    whole[index] = state >>> 16;
  }
  return whole;
}

/** Bytes as text: the first 16 as they are, all of them as a digest. Equal texts mean equal bytes. */
export function describeBytes(value: Uint8Array): string {
  if (value.length <= 16) return `<${Buffer.from(value).toString('hex')}>`;
  return `<${value.length} bytes, sha256 ${createHash('sha256').update(value).digest('hex').slice(0, 16)}>`;
}

/** Overwrites every byte, as a caller may whose buffer it is. */
export function scribble(value: Uint8Array): void {
  for (let index = 0; index < value.length; index += 1) value[index] = (value[index] ?? 0) ^ 0xa5;
}
